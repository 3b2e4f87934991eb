package main

import (
	"cmp"
	"slices"
	"time"
)

// Names of the servers that targets are about.
const (
	witnessOff = "wsecho-off" // its witness off
	witnessOn  = "wsecho"     // its witness counting
	plain      = "coder"      // the library below wsecho
)

// measured is what came of each round.
type measured struct {
	servers []server
	speeds  [][][]speed // by workload and server
	memory  [][]int     // of an idle connection in octets, by server
}

func newMeasured(servers []server) *measured {
	m := &measured{servers: servers, memory: make([][]int, len(servers))}
	for range workloads {
		m.speeds = append(m.speeds, make([][]speed, len(servers)))
	}
	return m
}

// speed is the median of a server's rounds with a workload, each figure apart.
func (m *measured) speed(workload, server int) speed {
	rounds := m.speeds[workload][server]
	return speed{
		rate: median(rounds, func(s speed) float64 { return s.rate }),
		p50:  median(rounds, func(s speed) time.Duration { return s.p50 }),
		p99:  median(rounds, func(s speed) time.Duration { return s.p99 }),
		cpu:  median(rounds, func(s speed) time.Duration { return s.cpu }),
	}
}

// idle is the median of the octets that an idle connection of a server takes.
func (m *measured) idle(server int) int {
	return median(m.memory[server], func(octets int) int { return octets })
}

func median[R any, F cmp.Ordered](rounds []R, figure func(R) F) F {
	var all []F
	for _, r := range rounds {
		all = append(all, figure(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// isOurs tells wsecho from those that it is compared with.
func isOurs(s server) bool { return s.name == witnessOff || s.name == witnessOn }

// best are the best figures with a workload among the servers that are not ours.
func (m *measured) best(workload int) speed {
	var best speed
	for i, s := range m.servers {
		if isOurs(s) {
			continue
		}
		got := m.speed(workload, i)
		if best.rate == 0 {
			best = got
		}
		best.rate = max(best.rate, got.rate)
		best.p50, best.p99, best.cpu = min(best.p50, got.p50), min(best.p99, got.p99), min(best.cpu, got.cpu)
	}
	return best
}

// find returns the place of a server, -1 if it was not measured.
func (m *measured) find(name string) int {
	return slices.IndexFunc(m.servers, func(s server) bool { return s.name == name })
}
