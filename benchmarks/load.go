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

// slice is how long a server is measured at a time. Servers take turns within a
// round, so that what else the machine does meets all of them.
const slice = 300 * time.Millisecond

// A tally is what a server did in the slices of a round.
type tally struct {
	took  []time.Duration // for each message
	lasts time.Duration
	cpu   time.Duration // the server's
}

// add gives a workload to a server for a slice, after a while to warm up.
func (t *tally) add(p *process, w workload, s *script, lasts time.Duration) error {
	open, err := openMany(p.address, w.connections)
	defer leaveAll(open)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	begin := time.Now().Add(lasts/10 + 20*time.Millisecond)
	end := begin.Add(lasts)
	clients := make([]client, w.connections)
	var playing sync.WaitGroup
	for i, c := range open {
		_ = c.SetDeadline(end.Add(hang))
		clients[i] = client{conn: c, script: s, begin: begin, end: end}
		playing.Go(clients[i].play)
	}
	time.Sleep(time.Until(begin))
	before := p.cpu()
	time.Sleep(time.Until(end))
	t.cpu += p.cpu() - before
	t.lasts += lasts
	playing.Wait()
	for _, c := range clients {
		if c.err != nil {
			return fmt.Errorf("%s: %w", p.name, c.err)
		}
		t.took = append(t.took, c.took...)
	}
	return nil
}

// speed is what the tally comes to.
func (t *tally) speed() speed {
	n := len(t.took)
	if n == 0 {
		return speed{p50: t.lasts, p99: t.lasts} // no answer in all that time
	}
	slices.Sort(t.took)
	return speed{
		rate: float64(n) / t.lasts.Seconds(),
		p50:  t.took[n/2],
		p99:  t.took[n*99/100],
		cpu:  t.cpu / time.Duration(n),
	}
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
		if sent.After(c.begin) && answered.Before(c.end) {
			c.took = append(c.took, answered.Sub(sent))
		}
		sent = answered
	}
}
