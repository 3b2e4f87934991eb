package fuzzing

import (
	"context"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/echo"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/simulated/pipe"
)

// A right peer leaves no input to be ended by our patience, but for one in fifty
// at most: its silence costs more than all else.
func TestInputsEndByEvidence(t *testing.T) {
	t.Run("server", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { endsByEvidence(t, rightServer) }) })
	t.Run("client", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { endsByEvidence(t, rightClient) }) })
}

func endsByEvidence(t *testing.T, right func(context.Context, *pipe.Listener) runner.Peer) {
	ctx, cancel := context.WithCancel(t.Context())
	defer time.Sleep(time.Second) // for net/http to let go of those that it has refused
	defer cancel()
	peer := right(ctx, pipe.Listen())
	s := sourceOf(t, inputs.Target{Device: peer.Role().Peer()})
	silent, met := 0, 0
	for n := 0; n < s.Boundaries()+2000; n += 3 {
		family, script := s.Input(1, n)
		e := runner.Meet(ctx, peer, script, runner.Options{Seed: 1, Name: fmt.Sprint(n)})
		met++
		if e.Ours || e.Refusal != nil && e.Refusal.Silent {
			silent++
			t.Logf("input %d (%s) is ended by us:\n%.500v", n, family, script)
		}
		if e.Refusal != nil && e.Refusal.Unreached {
			t.Fatalf("input %d (%s): %s", n, family, e.Refusal.Reason)
		}
	}
	if t.Logf("%d of %d inputs are ended by us", silent, met); silent*50 > met {
		t.Fail()
	}
}

// rightServer is wsecho.
func rightServer(ctx context.Context, on *pipe.Listener) runner.Peer {
	go echo.Serve(ctx, on, echo.Options{})
	return &runner.Dialer{Target: runner.Target{Host: "echo", Port: "80"}, Dial: func(ctx context.Context) (net.Conn, error) { return on.Dial(ctx) }}
}

// rightClient is a client that tells no lie.
func rightClient(ctx context.Context, on *pipe.Listener) runner.Peer {
	in := runner.NewIncoming(on, runner.Options{})
	go in.Serve(ctx)
	go func() {
		for ctx.Err() == nil {
			if conn, err := on.Dial(ctx); err == nil {
				liar.LawfulClients()[0].Play(conn)
				conn.Close()
			}
		}
	}()
	return in
}

// sourceOf returns the inputs for a target.
func sourceOf(t *testing.T, target inputs.Target) *inputs.Source {
	t.Helper()
	s, err := inputs.NewSource(target)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
