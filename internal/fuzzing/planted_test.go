package fuzzing

import (
	"context"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// enough is how many inputs find every planted bug.
const enough = 6000

// Every planted bug is found, as what it is, and comes home as the smallest
// script that shows it, or within one frame of that.
func TestPlantedBugsAreFound(t *testing.T) {
	for i, bug := range liar.AllPlanted() {
		if testing.Short() && i%6 != 0 {
			continue
		}
		t.Run(bug.Device.String()+" "+bug.Name, func(t *testing.T) {
			t.Parallel()
			trigger, err := conformance.ParseScript(bug.Trigger)
			if err != nil {
				t.Fatal(err)
			}
			kind, err := conformance.ParseKind(bug.Kind)
			if err != nil {
				t.Fatal(err)
			}
			var found *conformance.Finding
			n := 0
			synctest.Test(t, func(t *testing.T) { found, n = search(t, bug, kind) })
			if found == nil {
				t.Fatalf("not found in %d inputs", n)
			}
			t.Logf("input %d of %d, family %s, %d/%d: %s\n%v", found.N, n, found.Family, found.Times, found.Tries, found.Detail, found.Script)
			if got, want := frames(found.Script), frames(trigger); got > want+1 {
				t.Errorf("minimized to %d frames, wanted %d: %v", got, want, found.Script)
			}
			if kind == conformance.KindDown {
				bringsDown(t, bug, found)
			}
			if found.Times == 0 { // several connections at once do not always meet
				t.Errorf("reproduced %d of %d", found.Times, found.Tries)
			}
		})
	}
}

// search fuzzes a board in a bubble until it has a finding of that kind.
func search(t *testing.T, bug liar.Planted, kind conformance.Kind) (found *conformance.Finding, n int) {
	b := bug.Board()
	onBoard(t, b, bug.Device, enough, func(ctx context.Context, c *Campaign) {
		for p, err := range c.Run(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			for _, f := range p.Findings {
				if f.Kind == kind {
					found = f
					return
				}
				t.Logf("besides: %v %s: %s\n%v", f.Kind, f.Rule, f.Detail, f.Script)
			}
		}
		t.Log("heap", b.Heap())
	})
	return found, n
}

// onBoard has a campaign against a board run, and sees the board to its end.
func onBoard(t *testing.T, b *liar.Board, device wire.Role, most int, run func(context.Context, *Campaign)) {
	ctx, cancel := context.WithCancel(t.Context())
	var serving sync.WaitGroup
	defer serving.Wait()
	defer b.Reset()
	defer cancel()
	source := sourceOf(t, inputs.Target{Device: device})
	o := runner.Options{Parallel: 1, Seed: 1}
	c := &Campaign{Peer: serveBoard(ctx, &serving, b, device, o), Options: o, Seed: 1, Inputs: most,
		Input: func(n int) (conformance.Family, conformance.Script) { return source.Input(1, n) }}
	c.Watch = &boardWatch{c, b}
	run(ctx, c)
}

// serveBoard brings connections to a board.
func serveBoard(ctx context.Context, serving *sync.WaitGroup, b *liar.Board, device wire.Role, o runner.Options) runner.Peer {
	on := pipe.Listen()
	play := func(conn net.Conn) { b.Play(conn); conn.Close() }
	if device == wire.Server {
		context.AfterFunc(ctx, func() { on.Close() })
		return &runner.Dialer{Target: runner.Target{Host: "board", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
			if b.Away() {
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			ours, theirs := pipe.New()
			serving.Go(func() { play(theirs) })
			return ours, nil
		}}
	}
	in := runner.NewIncoming(on, o)
	serving.Go(func() { in.Serve(ctx) })
	serving.Go(func() {
		for ctx.Err() == nil {
			if conn, err := on.Dial(ctx); err == nil {
				play(conn)
			}
			time.Sleep(20 * time.Millisecond)
			for b.Away() {
				time.Sleep(20 * time.Millisecond)
			}
		}
	})
	return in
}

// boardWatch looks after a board, and presses its button.
type boardWatch struct {
	c *Campaign
	b *liar.Board
}

func (w *boardWatch) Health(ctx context.Context) conformance.Health {
	health := conformance.Alive
	for range 10 {
		r := newRun(w.c)
		e := r.meet(ctx, "health", r.knownGood(0))
		switch {
		case ctx.Err() != nil:
			return conformance.Gone
		case e.Refusal == nil && !e.Ours && len(e.Heard) > 0:
			return health
		default:
			w.b.Reset()
		}
		health = conformance.Rebooted
		time.Sleep(100 * time.Millisecond)
	}
	return conformance.Gone
}

func (w *boardWatch) Reset(context.Context)       { w.b.Reset() }
func (w *boardWatch) Beside(context.Context) bool { return true }
func (w *boardWatch) Heap() (float64, bool)       { return float64(w.b.Heap()), true }

// frames counts what a script sends: frames, and departures of its opening.
func frames(s conformance.Script) (n int) {
	for _, step := range s {
		switch step := step.(type) {
		case conformance.SendStep:
			n += len(step.Frames)
		case conformance.RequestStep:
			n += max(1, len(step.Edits))
		case conformance.ResponseStep:
			n += max(1, len(step.Edits))
		case conformance.TogetherStep:
			n += len(step.Frames)
		case conformance.BesideStep:
			n += 1 + frames(step.Script)
		}
	}
	return n
}
