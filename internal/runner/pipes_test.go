package runner

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

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

// pipeListener accepts connections in memory.
type pipeListener struct {
	conns chan net.Conn
	ctx   context.Context
	close context.CancelFunc
}

func listenInMemory(ctx context.Context) pipeListener {
	ctx, cancel := context.WithCancel(ctx)
	return pipeListener{make(chan net.Conn), ctx, cancel}
}

func (l pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := duplexPipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.ctx.Done():
		return nil, net.ErrClosed
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

func (l pipeListener) Close() error   { l.close(); return nil }
func (l pipeListener) Addr() net.Addr { return inMemory }

var inMemory = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9001}

// duplex is a connection in memory of which one direction can end by itself, as
// it can with TCP.
type duplex struct {
	net.Conn          // what is read
	out      net.Conn // what is written
}

func duplexPipe() (a, b net.Conn) {
	fromA, toB := net.Pipe()
	fromB, toA := net.Pipe()
	return duplex{toA, fromA}, duplex{toB, fromB}
}

func (d duplex) Write(b []byte) (int, error)         { return d.out.Write(b) }
func (d duplex) CloseWrite() error                   { return d.out.Close() }
func (d duplex) Close() error                        { return errors.Join(d.out.Close(), d.Conn.Close()) }
func (d duplex) SetWriteDeadline(at time.Time) error { return d.out.SetWriteDeadline(at) }
func (d duplex) SetDeadline(at time.Time) error {
	return errors.Join(d.Conn.SetDeadline(at), d.out.SetWriteDeadline(at))
}
func (d duplex) RemoteAddr() net.Addr { return inMemory }
func (d duplex) LocalAddr() net.Addr  { return inMemory }
