package fuzzing

import (
	"context"
	"iter"
	"sync"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
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
	// Reset makes the device start anew, if there is a way, and waits until it has.
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
		defer close(r.left)
		for range max(c.Options.Parallel, 1) {
			workers.Go(func() { r.work(ctx) })
		}
		go func() { workers.Wait(); close(r.ended) }()
		r.collect(ctx, yield)
	}
}
