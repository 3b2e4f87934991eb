package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// A workload is what all servers are given to do: on each connection a message
// is sent when the answer to the one before is there.
type workload struct {
	name        string
	first       byte // of the frames
	octets      int  // of a message
	connections int
}

// workloads are those of which the README tells.
var workloads = []workload{
	{"binary, 125 octets on 64 connections", opBinary, 125, 64},
	{"text, 125 octets on 64 connections", opText, 125, 64},
	{"binary, 64 KiB on 8 connections", opBinary, 64 << 10, 8},
	{"text, 64 KiB on 8 connections", opText, 64 << 10, 8},
}

// speed is what a server did with a workload.
type speed struct {
	rate     float64       // messages a second
	p50, p99 time.Duration // from the first octet of a message sent to the last of its answer
	cpu      time.Duration // the server's for a message, in and out; 0 if not known
}

// measure gives a workload to a server, and counts for a time, after a tenth of
// it and more to warm up.
func measure(p *process, w workload, s *script, lasts time.Duration) (speed, error) {
	begin := time.Now().Add(lasts/10 + 100*time.Millisecond)
	end := begin.Add(lasts)
	clients := make([]client, w.connections)
	var playing sync.WaitGroup
	for i := range clients {
		c, err := open(p.address)
		if err != nil {
			return speed{}, fmt.Errorf("%s: %w", p.name, err)
		}
		defer leave(c)
		_ = c.SetDeadline(end.Add(hang))
		clients[i] = client{conn: c, script: s, begin: begin, end: end}
		playing.Go(clients[i].play)
	}
	time.Sleep(time.Until(begin))
	before := p.cpu()
	time.Sleep(time.Until(end))
	used := p.cpu() - before
	playing.Wait()
	return sum(p, clients, lasts, used)
}

// A client is one connection of a workload.
type client struct {
	conn       net.Conn
	script     *script
	begin, end time.Time       // when it counts
	took       []time.Duration // each message
	err        error
}

func (c *client) play() {
	buffer := make([]byte, len(c.script.answer))
	sent := time.Now()
	for i := rand.IntN(keys); sent.Before(c.end); i++ {
		if c.err = c.script.ask(c.conn, i, buffer); c.err != nil {
			return
		}
		answered := time.Now()
		if sent.After(c.begin) {
			c.took = append(c.took, answered.Sub(sent))
		}
		sent = answered
	}
}

func sum(p *process, clients []client, lasts, used time.Duration) (speed, error) {
	var took []time.Duration
	for _, c := range clients {
		if c.err != nil {
			return speed{}, fmt.Errorf("%s: %w", p.name, c.err)
		}
		took = append(took, c.took...)
	}
	n := len(took)
	if n == 0 {
		return speed{}, fmt.Errorf("%s: no answer in %v", p.name, lasts)
	}
	slices.Sort(took)
	return speed{
		rate: float64(n) / lasts.Seconds(),
		p50:  took[n/2],
		p99:  took[n*99/100],
		cpu:  used / time.Duration(n),
	}, nil
}
