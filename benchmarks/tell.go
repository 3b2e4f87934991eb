package main

import (
	"fmt"
	"io"
	"time"
)

// tell writes the tables, as Markdown: the figures, what of them was aimed at, and
// the one of the README.
func (m *measured) tell(to io.Writer) {
	for i, w := range workloads {
		if len(m.speeds[i][0]) > 0 {
			m.tellSpeeds(to, i, w)
		}
	}
	m.tellMemory(to)
	m.tellTargets(to)
	fmt.Fprintln(to)
	m.tellSummary(to)
}

func (m *measured) tellSpeeds(to io.Writer, workload int, w workload) {
	fmt.Fprintf(to, "| %-36s | messages/s | of best | p50 ms | p99 ms | of best | CPU µs a message |\n", w.name)
	fmt.Fprintf(to, "|---|---:|---:|---:|---:|---:|---:|\n")
	best := m.best(workload)
	for i, s := range m.servers {
		got := m.speed(workload, i)
		fmt.Fprintf(to, "| %-36s | %10.0f | %7.2f | %6.2f | %6.2f | %7.2f | %16.1f |\n", s.name,
			got.rate, got.rate/best.rate, milliseconds(got.p50), milliseconds(got.p99),
			ratio(got.p99, best.p99), float64(got.cpu)/1e3)
	}
	fmt.Fprintln(to)
}

func (m *measured) tellMemory(to io.Writer) {
	if len(m.memory[0]) == 0 {
		return
	}
	fmt.Fprintf(to, "| %-36s | KiB each | of plain %s |\n|---|---:|---:|\n", "idle connections", plain)
	for i, s := range m.servers {
		relative := "-"
		if j := m.find(plain); j >= 0 {
			relative = fmt.Sprintf("%.2f", ratio(m.idle(i), m.idle(j)))
		}
		fmt.Fprintf(to, "| %-36s | %8.1f | %14s |\n", s.name, float64(m.idle(i))/1024, relative)
	}
	fmt.Fprintln(to)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func ratio[N ~int | ~int64](a, b N) float64 { return float64(a) / float64(max(b, 1)) }
