package runner_test

import (
	"context"
	"net"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// ofRows returns the cases that are led by a requirement row and fit a server.
func ofRows() (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if _, led := conformance.RowOf(c.ID); led && c.Fits(wire.Server) {
			cases = append(cases, c)
		}
	}
	return cases
}

// serveOn serves on a free port until the test ends and returns a dialer to it.
func serveOn(t *testing.T, serve func(context.Context, net.Listener) error) *runner.Dialer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		<-served
	})
	target, err := runner.ParseTarget(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return &runner.Dialer{Target: target}
}

// playAll plays cases and returns the results by ID.
func playAll(t *testing.T, peer runner.Peer, cases []conformance.Case, o runner.Options) map[conformance.ID]conformance.Result {
	t.Helper()
	results := map[conformance.ID]conformance.Result{}
	for r, err := range runner.Run(t.Context(), peer, cases, o) {
		if err != nil {
			t.Fatal(err)
		}
		results[r.Case.ID] = r
	}
	return results
}

func TestRowsScratch(t *testing.T) {
	cases := ofRows()
	o := runner.Options{Parallel: 8, Seed: 1, TimeScale: 0.1}
	base := playAll(t, serveOn(t, func(ctx context.Context, l net.Listener) error { return echo.Serve(ctx, l, echo.Options{}) }), cases, o)
	for _, c := range cases {
		if r := base[c.ID]; r.Worse() > conformance.Informational {
			t.Logf("echo: %s %s %s/%s %s", c.ID, c.Title, r.Behavior, r.BehaviorClose, r.Reason)
		}
	}
	killed := map[conformance.ID][]string{}
	right := map[conformance.ID]string{}
	for i, d := range append(liar.Lawful()[len(liar.Lawful())-4:], liar.OfRows()...) {
		results := playAll(t, serveOn(t, d.Serve), cases, o)
		n := 0
		ids := ""
		for _, c := range cases {
			r := results[c.ID]
			s := r.Reason
			if i == 0 {
				right[c.ID] = s
			}
			if r.Worse() > conformance.Informational || r.Behavior == conformance.Informational && s != right[c.ID] {
				n++
				ids += " " + string(c.ID)
				if i >= 4 {
					killed[c.ID] = append(killed[c.ID], d.Name)
				} else {
					t.Logf("lawful %s: %s %s/%s %s", d.Name, c.ID, r.Behavior, r.BehaviorClose, r.Reason)
				}
			}
		}
		t.Logf("%s: %d %.200s", d.Name, n, ids)
	}
	for _, c := range cases {
		if len(killed[c.ID]) == 0 {
			t.Logf("NOBODY %s %s", c.ID, c.Title)
		}
	}
}

var _ = simulated.Names
