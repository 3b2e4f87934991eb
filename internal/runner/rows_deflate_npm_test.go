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
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// installWS installs the ws library in a folder of the test's, or skips the test.
// It serves every window, by zlib.
func installWS(t *testing.T) (folder string) {
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
	npm := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--prefix", folder, "ws@8")
	npm.Dir = folder
	npm.WaitDelay = time.Second
	if said, err := npm.CombinedOutput(); err != nil {
		t.Skipf("npm has no ws, perhaps for want of a network: %v\n%s", err, said)
	}
	return folder
}

// node starts testdata/ws.mjs and returns the first line that it prints, if it
// is to print one.
func node(t *testing.T, folder string, prints bool, args ...string) (line string) {
	t.Helper()
	script, err := filepath.Abs("testdata/ws.mjs")
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

// slowly gives node time, where much else runs beside it.
const slowly = 5

// putUpWith are what the library takes although it should not, in either role:
// "08" for 8, and the first of two answers.
var putUpWith = []string{"PMD.2.4", "PMD.6.10", "PMD.35.2"}

// ofDeflateBut returns the cases of compression without some.
func ofDeflateBut(role wire.Role, patterns ...string) []conformance.Case {
	return slices.DeleteFunc(ofDeflate(role), func(c conformance.Case) bool { return slices.ContainsFunc(patterns, c.ID.Matches) })
}

// A server that serves what it is offered passes every case, but for what is
// listed.
func TestDeflateRowsPassedByWS(t *testing.T) {
	folder := installWS(t)
	target, err := runner.ParseTarget(node(t, folder, true, "server"))
	if err != nil {
		t.Fatal(err)
	}
	o := runner.Options{Parallel: 4, Seed: 1, TimeScale: slowly}
	for _, r := range played(t, &runner.Dialer{Target: target}, ofDeflateBut(wire.Server, putUpWith...), o) {
		judge(t, r, conformance.Informational, map[string]conformance.Verdict{
			"PMD.1.*": conformance.NonStrict, // it refuses the handshake
			"PMD.2.*": conformance.NonStrict,
			"PMD.3.*": conformance.NonStrict,
		})
	}
}

// Clients do that offer what they like, each with what its offer leaves out.
func TestDeflateRowsPassedByWSClients(t *testing.T) {
	folder := installWS(t)
	for offer, lenient := range map[string]map[string]conformance.Verdict{
		`{}`: {
			"PMD.31.*": conformance.Unimplemented, // it offers client_max_window_bits and nothing else
		},
		`{"clientMaxWindowBits": 12}`: {
			"PMD.31.*": conformance.Unimplemented,
		},
		`{"serverMaxWindowBits": 10, "clientMaxWindowBits": false}`: {
			"PMD.31.1": conformance.Unimplemented,
			"PMD.8.*":  conformance.Unimplemented,
			"PMD.13.*": conformance.Unimplemented,
			"PMD.33.*": conformance.Unimplemented,
		},
	} {
		t.Run(offer, func(t *testing.T) {
			t.Parallel()
			on, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			node(t, folder, false, "client", "ws://"+on.Addr().String(), offer)
			cases := ofDeflateBut(wire.Client, append(putUpWith, "PMD.31.2", "PMD.31.3")...) // whatever limits the server
			listener := &runner.Listener{Cases: cases, Options: runner.Options{Seed: 1, TimeScale: slowly}, Log: t.Logf}
			for h, err := range listener.Serve(t.Context(), on) {
				if err != nil {
					t.Fatal(err)
				}
				judge(t, h.Result, conformance.Informational, lenient)
			}
		})
	}
}
