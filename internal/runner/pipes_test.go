package runner

import (
	"context"
	"net"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/pipe"
)

type dial func(context.Context) (net.Conn, error)

// pipes connects to a device in memory.
func pipes(d simulated.Device) dial {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			d.Play(theirs)
		}()
		return ours, nil
	}
}

// results plays cases in a bubble, where silence costs nothing and what comes of
// them is the same on every day.
func results(t *testing.T, d dial, cases []conformance.Case) (all []conformance.Result) {
	synctest.Test(t, func(t *testing.T) { all = playAll(t, d, cases) })
	return all
}

func playAll(t *testing.T, d dial, cases []conformance.Case) (all []conformance.Result) {
	peer := &Dialer{Target: Target{Host: "peer", Port: "80"}, Dial: d}
	for r, err := range Run(t.Context(), peer, cases, Options{Parallel: 2, Seed: 1, Messages: rally}) {
		if err != nil {
			t.Fatal(err)
		}
		r.Transcript = nil
		all = append(all, r)
	}
	return all
}

// rightResults are those of a peer that breaks no rule. It shares no code with
// what is tested.
func rightResults(t *testing.T) map[conformance.ID]conformance.Result {
	right := map[conformance.ID]conformance.Result{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ln := listenInMemory(ctx)
		served := make(chan error)
		go func() { served <- echo.Serve(ctx, ln, echo.Options{}) }()
		for _, r := range playAll(t, ln.dial, autobahnCases()) {
			right[r.Case.ID] = r
			if r.Worse() >= conformance.NonStrict {
				t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
			}
		}
		cancel()
		<-served
	})
	return right
}

// autobahnCases are the cases of the Autobahn testsuite that any server can play:
// they have numbers.
func autobahnCases() (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if c.ID[0] <= '9' && !c.Needs().Deflate {
			cases = append(cases, c)
		}
	}
	return cases
}

// pipeListener accepts connections in memory until its context ends.
type pipeListener struct {
	*pipe.Listener
	ctx   context.Context
	close context.CancelFunc
}

func listenInMemory(ctx context.Context) pipeListener {
	on := pipe.Listen()
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(ctx, func() { on.Close() })
	return pipeListener{on, ctx, cancel}
}

func (l pipeListener) dial(ctx context.Context) (net.Conn, error) { return l.Dial(ctx) }

// Close ends the context, too: then the listener is closed for whoever asks.
func (l pipeListener) Close() error {
	l.close()
	return l.Listener.Close()
}
