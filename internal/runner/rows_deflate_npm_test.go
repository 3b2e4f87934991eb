package runner_test

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
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
	folder := installNPM(t, "ws@8", "faye-websocket@0.11", "permessage-deflate@0.1")
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
	target, err := runner.ParseTarget(node(t, folder, true, library, "server", "", options))
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
	node(t, folder, false, library, "client", "ws://"+on.Addr().String()+"/", options)
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

// installNPM installs packages in a folder of the test's, or skips the test.
func installNPM(t *testing.T, packages ...string) (folder string) {
	t.Helper()
	if testing.Short() {
		t.Skip("npm takes seconds")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here: %v", tool, err)
		}
	}
	folder = t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := append([]string{"install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--prefix", folder}, packages...)
	npm := exec.CommandContext(ctx, "npm", args...)
	npm.Dir = folder
	npm.WaitDelay = time.Second
	if said, err := npm.CombinedOutput(); err != nil {
		t.Skipf("npm has no %v, perhaps for want of a network: %v\n%s", packages, err, said)
	}
	return folder
}

// node starts testdata/echo.cjs, and returns the first line that it prints, if it
// is to print one.
func node(t *testing.T, folder string, prints bool, args ...string) (line string) {
	t.Helper()
	script, err := filepath.Abs("testdata/echo.cjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	if prints {
		if line, err = bufio.NewReader(stdout).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimSpace(line)
}
