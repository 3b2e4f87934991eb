package runner

import (
	"context"
	"net"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/simulated"
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
	peer := &Dialer{Target: Target{Host: "peer", Port: "80"}, dial: d}
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
		ln := pipeListener{make(chan net.Conn), ctx}
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

// pipeListener accepts connections in memory.
type pipeListener struct {
	conns chan net.Conn
	ctx   context.Context
}

func (l pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error   { return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
