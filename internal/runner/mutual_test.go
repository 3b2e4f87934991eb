package runner_test

import (
	"context"
	"net"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// The echo server passes all that there is on compression, in either mode. It
// serves every window: nothing is declined that is to be had.
func TestEchoDeflates(t *testing.T) {
	if testing.Short() {
		t.Skip("plays hundreds of cases of long messages")
	}
	var cases []conformance.Case
	for _, c := range conformance.Catalogue() {
		if g := c.ID.Group(); (g == "12" || g == "13" || g == "PMD") && c.Fits(wire.Server) {
			cases = append(cases, c)
		}
	}
	for _, mode := range []echo.Deflate{echo.DeflateTakeover, echo.DeflateNoTakeover} {
		t.Run(string(mode), func(t *testing.T) {
			peer := serveOn(t, func(ctx context.Context, l net.Listener) error {
				return echo.Serve(ctx, l, echo.Options{Deflate: mode})
			})
			o := runner.Options{Parallel: 4, Seed: 1, Messages: 5, Profile: conformance.Profile{Patience: 5 * time.Second}}
			results := played(t, peer, cases, o)
			for id, r := range results {
				if r.Worse() > conformance.Informational || r.Behavior == conformance.Unimplemented {
					t.Errorf("%s %s: %v/%v: %s\n%v", id, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
				}
			}
			if len(results) < 216+70 {
				t.Errorf("%d results", len(results))
			}
		})
	}
}
