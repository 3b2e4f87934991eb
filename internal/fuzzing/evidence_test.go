package fuzzing

import (
	"context"
	"fmt"
	"net"
	"testing"
	"testing/synctest"

	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// A right peer leaves no input to be ended by our patience, but for one in fifty
// at most: its silence costs more than all else.
func TestInputsEndByEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		on := pipe.Listen()
		served := make(chan error)
		go func() { served <- echo.Serve(ctx, on, echo.Options{}) }()
		peer := &runner.Dialer{Target: runner.Target{Host: "echo", Port: "80"}, Dial: func(ctx context.Context) (net.Conn, error) { return on.Dial(ctx) }}
		s := sourceOf(t, Target{Device: wire.Server})
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
		if silent*50 > met {
			t.Errorf("%d inputs of %d are ended by us", silent, met)
		}
		cancel()
		<-served
	})
}
