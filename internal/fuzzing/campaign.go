package fuzzing

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// Campaign is a device, and how to look further at it.
type Campaign struct {
	Peer     runner.Peer
	Watch    Watch
	Options  runner.Options // of each connection; Parallel is how many inputs are played at once
	Input    func(n int) (conformance.Family, conformance.Script)
	Seed     uint64                 // of Input, for the findings
	Inputs   int                    // to play; 0 for as many as the context allows
	Done     func(n int) bool       // inputs that need not be played again; nil for none
	Findings []*conformance.Finding // that have come home before; they go on counting their inputs
}

// Watch looks after the device.
type Watch interface {
	// Health asks whether the device is well. One that is not is waited for, and
	// reset if there is a way; Gone is one that did not come back.
	Health(context.Context) conformance.Health
	// Reset makes the device start anew, if there is a way.
	Reset(context.Context)
	// Beside reports whether the connection that is held open beside has lived
	// on; true if none is held.
	Beside(context.Context) bool
	// Heap returns the latest reading of the device's memory; false if it tells
	// none.
	Heap() (float64, bool)
}

// Progress is what came of an input.
type Progress struct {
	N        int  // of the input
	Played   bool // false if the device was away: it comes again
	Family   conformance.Family
	Findings []*conformance.Finding // that it brought home, new; known ones count it
	Health   conformance.Health     // of the device
}

// Run plays inputs and yields each as it ends. A last pair holds the error that
// ended the campaign early: the context's, or [runner.ErrLost] when the device
// has gone and did not come back.
func (c *Campaign) Run(ctx context.Context) iter.Seq2[Progress, error] {
	return func(yield func(Progress, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		r := newRun(c)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		for range max(c.Options.Parallel, 1) {
			workers.Go(func() { r.work(ctx) })
		}
		go func() { workers.Wait(); close(r.ended) }()
		r.collect(ctx, yield)
	}
}

// run is one call of Run.
type run struct {
	*Campaign
	device  wire.Role
	next    atomic.Int64
	done    chan met
	ended   chan struct{} // closed when no worker works any more
	turns   chan struct{} // a token for each worker, taken while it plays; all are taken while an input is looked into
	recent  []met         // the last inputs that were played
	known   map[string]*conformance.Finding
	latency creep // of the known-good exchange, in seconds
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
	away     bool    // there was no connection: it was not played
	late     bool    // the device came late: what it was away for came before
	waited   float64 // for the device to come, in seconds
	probed   bool    // the known-good exchange followed
	took     float64 // which took so long, in seconds
}

func newRun(c *Campaign) *run {
	r := &run{Campaign: c, device: c.Peer.Role().Peer(), done: make(chan met), ended: make(chan struct{}), turns: make(chan struct{}, max(c.Options.Parallel, 1)), known: map[string]*conformance.Finding{}}
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
		for m := r.play(ctx, n); ctx.Err() == nil; m = r.play(ctx, n) {
			select {
			case r.done <- m:
			case <-ctx.Done():
			}
			if !m.away {
				break
			}
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
	if e.Refusal != nil && e.Refusal.Unreached {
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

// suspicious reports whether a device that broke this may not be well.
func suspicious(breaches []Breach) bool {
	for _, b := range breaches {
		if b.Kind > conformance.KindLenient {
			return true
		}
	}
	return false
}

// window is how many inputs are looked at when one does not do alone what was
// seen after it.
const window = 32

// collect yields what comes of the inputs.
func (r *run) collect(ctx context.Context, yield func(Progress, error) bool) {
	for {
		select {
		case m := <-r.done:
			if !r.deal(ctx, m, yield) {
				return
			}
		case <-r.ended:
			if err := ctx.Err(); err != nil {
				yield(Progress{}, err)
			}
			return
		}
	}
}

// deal looks into what an input broke, and yields it; false to stop.
func (r *run) deal(ctx context.Context, m met, yield func(Progress, error) bool) bool {
	if !m.away && !m.late {
		r.wait(m.waited)
	}
	p := Progress{N: m.n, Played: !m.away, Family: m.family, Health: conformance.Alive}
	if breaches := append(m.breaches, r.creeping(m)...); len(breaches) > 0 {
		r.halt()
		for _, b := range distinct(breaches) {
			r.bring(ctx, m, b, &p)
		}
		if m.away || suspicious(breaches) {
			p.Health = r.recover(ctx)
		}
		r.resume()
	}
	if ctx.Err() != nil {
		p.Played = false // whatever was seen may be our own leaving
		if len(p.Findings) > 0 {
			yield(p, nil)
		}
		return true
	}
	if !m.away {
		if r.recent = append(r.recent, m); len(r.recent) > window {
			r.recent = r.recent[1:]
		}
	}
	if !yield(p, nil) {
		return false
	}
	if p.Health == conformance.Gone {
		yield(Progress{}, runner.ErrLost)
		return false
	}
	return true
}

// bring looks into a breach, and puts the finding that it comes to into p.
func (r *run) bring(ctx context.Context, m met, b Breach, p *Progress) {
	f, again := r.look(ctx, m, b)
	switch {
	case f == nil:
	case again:
		f.Inputs++
	default:
		p.Findings = append(p.Findings, f)
	}
}

// distinct returns the breaches, the worst first, each once.
func distinct(breaches []Breach) (out []Breach) {
	seen := map[string]bool{}
	for _, b := range breaches {
		if k := b.Kind.String() + b.Rule; !seen[k] {
			seen[k] = true
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b Breach) int { return int(b.Kind) - int(a.Kind) })
	return out
}
