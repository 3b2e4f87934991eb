package fuzzing

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// That a device has not answered yet when the campaign is ended is no finding.
func TestLeavingIsNoFinding(t *testing.T) {
	bug := planted(t, "falls over a key of sixty octets", wire.Server) // which none of these inputs has
	for answered := 1; answered < 30; answered++ {
		synctest.Test(t, func(t *testing.T) {
			b := bug.Board()
			onBoard(t, b, wire.Server, 0, func(ctx context.Context, c *Campaign) {
				ctx, end := context.WithCancel(ctx)
				board := c.Peer.(*runner.Dialer)
				dial, dialled := board.Dial, 0
				board.Dial = func(ctx context.Context) (net.Conn, error) {
					if dialled++; dialled != answered+1 {
						return dial(ctx)
					}
					time.AfterFunc(10*time.Millisecond, end)
					ours, theirs := pipe.New()
					context.AfterFunc(ctx, func() { theirs.Close() })
					return ours, nil
				}
				for p, err := range c.Run(ctx) {
					for _, f := range p.Findings {
						t.Errorf("%v: %s", f.Kind, f.Detail)
					}
					if err != nil && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
				}
			})
		})
	}
}

// A finding over which a campaign ended, untried, is looked into when it goes on,
// and takes the place that it had.
func TestUntriedFindingIsLookedInto(t *testing.T) {
	bug := planted(t, "falls over the top bit of a length", wire.Server)
	synctest.Test(t, func(t *testing.T) {
		b := bug.Board()
		onBoard(t, b, wire.Server, 300, func(ctx context.Context, c *Campaign) {
			ended, end := context.WithCancel(ctx)
			board := c.Peer.(*runner.Dialer)
			dial, refused := board.Dial, false
			board.Dial = func(ctx context.Context) (net.Conn, error) {
				if refused {
					end()
				}
				conn, err := dial(ctx)
				refused = err != nil
				return conn, err
			}
			untried := downs(c.Run(ended))
			if len(untried) != 1 || untried[0].Tries > 0 {
				t.Fatalf("%d findings: %v", len(untried), untried)
			}
			board.Dial, c.Findings = dial, untried
			tried := downs(c.Run(ctx))
			if len(tried) != 1 || tried[0].Times < tries || tried[0].ID() != untried[0].ID() {
				t.Fatalf("%d findings: %v", len(tried), tried)
			}
		})
	})
}

// downs returns the falls that a campaign finds.
func downs(progress func(func(Progress, error) bool)) (all []*conformance.Finding) {
	for p := range progress {
		for _, f := range p.Findings {
			if f.Kind == conformance.KindDown {
				all = append(all, f)
			}
		}
	}
	return all
}
