package runner_test

import (
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/testee"
	"wsprobe/internal/wire"
)

// slowly gives node time, where much else runs beside it.
const slowly = 5

// fromNPM are echoes on libraries that serve every window, by zlib, with options
// that make them offer and agree to other things.
var fromNPM = []struct {
	library, options string
	role             wire.Role
	unplayed         []string // what it is known to put up with, for which it would be waited
	lenient          map[string]conformance.Verdict
}{
	{"ws", "{}", wire.Server, []string{"PMD.2.4"}, map[string]conformance.Verdict{ // it takes "08" for 8
		"PMD.1.*": conformance.NonStrict, // and refuses the handshake
		"PMD.2.*": conformance.NonStrict,
		"PMD.3.*": conformance.NonStrict,
	}},
	{"faye", "{}", wire.Server, nil, map[string]conformance.Verdict{
		"PMD.4.8":  conformance.Failed, // it does not name a window of 15 bits
		"PMD.11.3": conformance.Failed,
	}},
	{"ws", `{}`, wire.Client, ofWS, onlyHints},
	{"ws", `{"clientMaxWindowBits": 12}`, wire.Client, ofWS, onlyHints},
	{"ws", `{"clientMaxWindowBits": false}`, wire.Client, ofWS, map[string]conformance.Verdict{
		"PMD.8.*":  conformance.Unimplemented,
		"PMD.13.*": conformance.Unimplemented,
		"PMD.31.*": conformance.Unimplemented,
	}},
	{"faye", `{}`, wire.Client, nil, map[string]conformance.Verdict{
		"PMD.25.2": conformance.Failed, // after a final block it reads no more
		"PMD.31.*": conformance.Unimplemented,
	}},
	{"faye", `{"requestMaxWindowBits": 10, "requestNoContextTakeover": true}`, wire.Client, nil, map[string]conformance.Verdict{
		"PMD.31.4": conformance.Unimplemented,
		"PMD.33.*": conformance.Unimplemented,
	}},
}

// ofWS are what ws as a client takes: "08" for 8, and the first of two answers.
var ofWS = []string{"PMD.6.10", "PMD.35.2"}

// onlyHints is of clients that offer client_max_window_bits and nothing else.
var onlyHints = map[string]conformance.Verdict{"PMD.31.*": conformance.Unimplemented}

// Libraries pass the cases of compression, but for what is listed; each case is
// passed by one of them, in each role that it fits.
func TestDeflateRowsPassedByNPM(t *testing.T) {
	folder := testee.NPM(t, "ws@8", "faye-websocket@0.11", "permessage-deflate@0.1")
	var mu sync.Mutex
	passed := map[wire.Role]map[conformance.ID]bool{wire.Server: {}, wire.Client: {}}
	t.Run("library", func(t *testing.T) {
		for _, l := range fromNPM {
			t.Run(l.library+" "+l.options+" as a "+l.role.String(), func(t *testing.T) {
				t.Parallel()
				cases := slices.DeleteFunc(ofDeflate(l.role), func(c conformance.Case) bool { return slices.ContainsFunc(l.unplayed, c.ID.Matches) })
				play := listened
				if l.role == wire.Server {
					play = dialled
				}
				for r := range play(t, folder, l.library, l.options, cases) {
					judge(t, r, conformance.Informational, l.lenient)
					mu.Lock()
					passed[l.role][r.Case.ID] = passed[l.role][r.Case.ID] || r.Worse() <= conformance.Informational
					mu.Unlock()
				}
			})
		}
	})
	for role, ids := range passed {
		for _, c := range ofDeflate(role) {
			if !ids[c.ID] && !t.Failed() {
				t.Errorf("%s %s: no %v passes it", c.ID, c.Title, role)
			}
		}
	}
}

// dialled yields the results of a library that is a server.
func dialled(t *testing.T, folder, library, options string, cases []conformance.Case) func(func(conformance.Result) bool) {
	target, err := runner.ParseTarget(testee.Serve(t, node(t, folder, library, "server", "", options)))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(conformance.Result) bool) {
		for _, r := range played(t, &runner.Dialer{Target: target}, cases, runner.Options{Parallel: 4, Seed: 1, TimeScale: slowly}) {
			if !yield(r) {
				return
			}
		}
	}
}

// listened yields the results of a library that is a client.
func listened(t *testing.T, folder, library, options string, cases []conformance.Case) func(func(conformance.Result) bool) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	testee.Start(t, node(t, folder, library, "client", "ws://"+on.Addr().String()+"/", options))
	listener := &runner.Listener{Cases: cases, Options: runner.Options{Seed: 1, TimeScale: slowly}, Log: t.Logf}
	return func(yield func(conformance.Result) bool) {
		for h, err := range listener.Serve(t.Context(), on) {
			if err != nil {
				t.Fatal(err)
			}
			if !yield(h.Result) {
				return
			}
		}
	}
}

// node is the command that runs testdata/echo.cjs.
func node(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	script, err := filepath.Abs("testdata/echo.cjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{script}, args...)...)
	cmd.Dir = folder
	return cmd
}
