package fuzzing

import (
	"context"
	"fmt"
	"sync/atomic"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// run is one call of Run.
type run struct {
	*Campaign
	device  wire.Role
	next    atomic.Int64
	done    chan met
	ended   chan struct{} // closed when no worker works any more
	left    chan struct{} // closed when nobody takes what they bring any more
	turns   chan struct{} // a token for each worker, taken while it plays; all are taken while an input is looked into
	recent  []met         // the last inputs that were played
	older   []int         // the numbers of those before
	unsure  bool          // whether the device is well after them
	known   map[string]*conformance.Finding
	led     map[string]*conformance.Finding // to which what was seen has led, by its clue
	latency creep                           // of the known-good exchange, in seconds
	heap    creep
	waits   creep        // for a device that is a client, in seconds
	usual   atomic.Int64 // of these, in nanoseconds; 0 until there are enough
}

// met is an input that was played, and what it broke.
type met struct {
	n        int
	family   conformance.Family
	script   conformance.Script
	breaches []Breach
	seen     encounters // what went over the wire
	away     bool       // there was no connection: it was not played
	late     bool       // the device came late: what it was away for came before
	waited   float64    // for the device to come, in seconds
	probed   bool       // the known-good exchange followed
	took     float64    // which took so long, in seconds
}

func newRun(c *Campaign) *run {
	r := &run{Campaign: c, device: c.Peer.Role().Peer(), done: make(chan met), ended: make(chan struct{}), left: make(chan struct{}),
		turns: make(chan struct{}, max(c.Options.Parallel, 1)), known: map[string]*conformance.Finding{}, led: map[string]*conformance.Finding{}}
	for _, f := range c.Findings {
		r.known[key(*f)] = f
	}
	return r
}

// probeEvery is after how many inputs of a worker the known-good exchange is
// asked for; a suspicious input is always followed by one.
const probeEvery = 8

// work plays inputs until there are no more.
func (r *run) work(ctx context.Context) {
	for ctx.Err() == nil {
		n := int(r.next.Add(1)) - 1
		if r.Inputs > 0 && n >= r.Inputs {
			return
		}
		if r.Done != nil && r.Done(n) {
			continue
		}
		for again := true; again; {
			m := r.play(ctx, n)
			if ctx.Err() != nil {
				return // whatever was seen may be our own leaving
			}
			select {
			case r.done <- m:
			case <-r.left:
			}
			again = m.away
		}
	}
}

// play plays one input, and asks for the known-good exchange where that is due.
func (r *run) play(ctx context.Context, n int) met {
	r.turns <- struct{}{}
	defer func() { <-r.turns }()
	m := met{n: n}
	m.family, m.script = r.Input(n)
	e := r.meet(ctx, fmt.Sprint(n), m.script)
	m.seen = encounters{e}
	if away(e) {
		m.away, m.breaches = true, unwell(e)
		return m
	}
	m.breaches, m.waited = Judge(e, r.device, r.Options.Profile), e.Waited.Seconds()
	if late := r.late(e); len(late) > 0 {
		m.late, m.breaches = true, append(m.breaches, late...)
	}
	if n%probeEvery == 0 || suspicious(m.breaches) {
		after, took := r.exchange(ctx, n)
		m.breaches, m.probed, m.took = r.unexplained(append(m.breaches, after...)), true, took
	}
	return m
}

// halt waits until no worker plays, and keeps all from it.
func (r *run) halt() {
	for range cap(r.turns) {
		r.turns <- struct{}{}
	}
}

// resume lets them play again.
func (r *run) resume() {
	for range cap(r.turns) {
		<-r.turns
	}
}
