package runner_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// ofRows returns the cases that are led by a requirement row and fit a server,
// but for compression, which few here have: see ofDeflate.
func ofRows() (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if _, led := conformance.RowOf(c.ID); led && c.Fits(wire.Server) && c.ID.Group() != "PMD" {
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

// played plays cases and returns the results by ID.
func played(t *testing.T, peer runner.Peer, cases []conformance.Case, o runner.Options) map[conformance.ID]conformance.Result {
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

// inMemory plays cases with a server in a bubble, where waiting costs nothing and what
// comes of it is the same on every day.
func inMemory(t *testing.T, serve func(context.Context, net.Listener) error, cases []conformance.Case, parallel int) (results map[conformance.ID]conformance.Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		on := pipe.Listen()
		served := make(chan error, 1)
		go func() { served <- serve(ctx, on) }()
		peer := &runner.Dialer{Target: runner.Target{Host: "peer", Port: "80"}, Dial: on.Dial}
		results = played(t, peer, cases, runner.Options{Parallel: parallel, Seed: 1})
		cancel()
		<-served
	})
	return results
}

// What a device takes over from one connection to the next shows in the next.
func TestStateLeft(t *testing.T) {
	cases, err := conformance.Select(ofRows(), "FRG.5.1", "FRG.12.2", "LEN.7.*", "FRM.10.*")
	if err != nil {
		t.Fatal(err)
	}
	for id, r := range inMemory(t, liar.Mixing().Serve, cases, 1) {
		want, reason := conformance.OK, ""
		if id == "FRG.12.2" {
			want, reason = conformance.Failed, `on a connection of its own afterwards: wanted text "still there?", got text "helstill there?"`
		}
		if !r.OfRow() && (r.Behavior != want || r.Reason != reason) {
			t.Errorf("%s: %v: %s", id, r.Behavior, r.Reason)
		}
	}
}

// lenient are the verdicts of libraries that are less strict than the RFC, or
// than a strict reading of it.
var lenient = map[string]map[conformance.ID]conformance.Verdict{
	"echo": {
		"LEN.3.*":  conformance.NonStrict, // it puts up with lengths that are not minimal
		"LEN.4.2":  conformance.NonStrict,
		"LEN.4.3":  conformance.NonStrict,
		"SRQ.34.*": conformance.NonStrict, // it looks at the first of two versions
	},
	"gorilla": {
		"LEN.3.*":   conformance.NonStrict,
		"LEN.4.2":   conformance.NonStrict,
		"LEN.4.3":   conformance.NonStrict,
		"SRQ.13.*":  conformance.NonStrict, // it looks at the first of two keys
		"SRQ.15.*":  conformance.Failed,    // it names no version in a refusal, and finds 13 in a list
		"SRQ.21.*":  conformance.NonStrict,
		"SRQ.34.*":  conformance.NonStrict,
		"SRS.17.1":  conformance.Failed,
		"SRQ.11.*":  conformance.NonStrict,
		"SRQ.3.1":   conformance.Failed,    // it does not look at the HTTP version
		"SRQ.32.1":  conformance.NonStrict, // it stops at an empty element of a list
		"SRQ.33.1":  conformance.NonStrict, // it takes "foo/1" for a token
		"SRQ.24.10": conformance.NonStrict, // net/http waits for one octet more than 1 MiB
	},
}

// A right peer passes every case, but for what is listed.
func TestRowsPassed(t *testing.T) {
	for name, peer := range map[string]*runner.Dialer{
		"echo":    serveOn(t, func(ctx context.Context, l net.Listener) error { return echo.Serve(ctx, l, echo.Options{}) }),
		"gorilla": {Target: start(t, "gorilla")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for id, r := range played(t, peer, ofRows(), runner.Options{Parallel: 8, Seed: 1}) {
				allowed := conformance.Informational
				for pattern, v := range lenient[name] {
					if id.Matches(string(pattern)) {
						allowed = max(allowed, v)
					}
				}
				if r.Worse() > allowed {
					t.Errorf("%s %s: %v/%v: %s\n%v", id, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
				}
			}
		})
	}
}

// A server that does unusual things within the law passes them too.
func TestRowsPassedByTheLawful(t *testing.T) {
	for _, d := range liar.LawfulOpening() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			for id, r := range inMemory(t, d.Serve, ofRows(), 8) {
				if r.Worse() > conformance.Informational {
					t.Errorf("%s %s: %v/%v: %s\n%v", id, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
				}
			}
		})
	}
}

// A server that is wrong about pongs is none the worse at opening handshakes.
func TestRowsNeedNoPongs(t *testing.T) {
	cases, err := conformance.Select(ofRows(), "SRQ.*", "SRS.*")
	if err != nil {
		t.Fatal(err)
	}
	right := inMemory(t, liar.Lawful()[0].Serve, cases, 8)
	for _, d := range liar.OfAutobahn() {
		if !strings.Contains(d.Name, "pongs ") && d.Name != "never pongs" {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			for id, r := range inMemory(t, d.Serve, cases, 8) {
				if r.Worse() > right[id].Worse() && !r.OfRow() {
					t.Errorf("%s %s: %v/%v: %s", id, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason)
				}
			}
		})
	}
}

// Each case is failed by a server that breaks one rule; of an informational one
// the reason tells it from a right server. Those that can open no connection at
// all fail everything, and count for the response only.
func TestRowsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("plays many servers")
	}
	cases := ofRows()
	right := inMemory(t, liar.Lawful()[0].Serve, cases, 8)
	killers := map[conformance.ID][]string{}
	var mu sync.Mutex
	own := liar.OfRows()
	t.Run("liar", func(t *testing.T) {
		for i, d := range slices.Concat(own, liar.OfFrames()) {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				var killed []conformance.ID
				for id, r := range inMemory(t, d.Serve, cases, 8) {
					if r.Worse() > conformance.Informational || r.Behavior == conformance.Informational && r.Reason != right[id].Reason {
						killed = append(killed, id)
					}
				}
				if len(killed) == 0 && i < len(own) {
					t.Error("nothing fails it")
				}
				mu.Lock()
				defer mu.Unlock()
				for _, id := range killed {
					if len(killed) < len(cases)/2 || id.Group() == "SRS" {
						killers[id] = append(killers[id], d.Name)
					}
				}
			})
		}
	})
	for _, c := range cases {
		if !slices.ContainsFunc(neverFail, c.ID.Matches) && len(killers[c.ID]) == 0 {
			t.Errorf("no liar fails %s %s", c.ID, c.Title)
		}
	}
}

// neverFail are cases that depend on a profile, see TestRowsGiven.
var neverFail = []string{"SRQ.26.*", "SRQ.27.*", "SRQ.28.*", "SRQ.29.*"}

// What a profile states decides whether cases count that depend on it.
func TestRowsGiven(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), neverFail...)
	if err != nil {
		t.Fatal(err)
	}
	lax := liar.Lawful()[0].Serve
	for name, tt := range map[string]struct {
		profile conformance.Profile
		want    map[conformance.ID]conformance.Verdict
	}{
		"nothing": {conformance.Profile{}, nil},
		"origins": {conformance.Profile{Origins: []string{"http://good.example"}}, map[conformance.ID]conformance.Verdict{
			"SRQ.26.1": conformance.Failed, "SRQ.27.1": conformance.NonStrict}},
		"paths": {conformance.Profile{Paths: []string{"/"}}, map[conformance.ID]conformance.Verdict{"SRQ.28.1": conformance.Failed}},
		"auth": {conformance.Profile{Auth: "Basic eDp5"}, map[conformance.ID]conformance.Verdict{
			"SRQ.29.1": conformance.Failed, "SRQ.29.2": conformance.OK}},
	} {
		t.Run(name, func(t *testing.T) {
			for id, r := range played(t, serveOn(t, lax), cases, runner.Options{Parallel: 8, Seed: 1, Profile: tt.profile}) {
				want, counts := tt.want[id]
				if !counts {
					want = conformance.Informational
				}
				if r.Behavior != want && !r.OfRow() {
					t.Errorf("%s: %v, want %v: %s", id, r.Behavior, want, r.Reason)
				}
			}
		})
	}
}
