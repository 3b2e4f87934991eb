package fuzzing

import (
	"context"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// A process that crashes is not gone at once: connections to it are made while
// its core is dumped, and reset, or are not quite made. That is one fall, and can
// be seen again.
func TestSlowFall(t *testing.T) {
	dying := map[string]dials{
		"dropped": func(context.Context) (net.Conn, error) {
			ours, theirs := pipe.New()
			time.AfterFunc(20*time.Millisecond, func() { theirs.Close() })
			return ours, nil
		},
		"reset": func(context.Context) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNRESET}
		},
	}
	for _, bug := range liar.AllPlanted() {
		if bug.Kind != "DOWN" || bug.Device != wire.Server || bug.Family != "len" {
			continue
		}
		for how, dying := range dying {
			t.Run(bug.Name+", "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { fallsSlowly(t, bug.Board(), dying) })
			})
		}
	}
}

func fallsSlowly(t *testing.T, b *liar.Board, dying dials) {
	onBoard(t, b, wire.Server, 1500, func(ctx context.Context, c *Campaign) {
		board := c.Peer.(*runner.Dialer)
		serve, falls, fell := board.Dial, 0, time.Time{}
		board.Dial = func(ctx context.Context) (net.Conn, error) {
			if b.Falls() > falls {
				falls, fell = b.Falls(), time.Now()
			}
			if b.Away() && time.Since(fell) < 300*time.Millisecond {
				return dying(ctx)
			}
			return serve(ctx)
		}
		findsFalls(t, ctx, c)
	})
}

// findsFalls wants falls, each of them seen again whenever it was tried, and
// nothing else.
func findsFalls(t *testing.T, ctx context.Context, c *Campaign) {
	downs := 0
	for p, err := range c.Run(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Findings {
			switch {
			case f.Kind == conformance.KindLenient:
			case f.Kind != conformance.KindDown || f.Times < f.Tries:
				t.Errorf("%v, %d of %d: %s\n%v", f.Kind, f.Times, f.Tries, f.Detail, f.Script)
			default:
				downs++
			}
		}
	}
	if downs == 0 {
		t.Error("no fall was found")
	}
}

// How a fall showed does not tell two apart that the same script brings about.
func TestFallsAreOne(t *testing.T) {
	down := conformance.Finding{Kind: conformance.KindDown, Rule: ruleAway, Script: conformance.Script{conformance.CloseNormally()}}
	other := down
	if other.Rule = ruleCanary; key(down) != key(other) {
		t.Errorf("%q and %q", key(down), key(other))
	}
	if other.Kind = conformance.KindHang; key(down) == key(other) {
		t.Errorf("%q", key(down))
	}
}
