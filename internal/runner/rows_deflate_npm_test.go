package runner_test

import (
	"bufio"
	"context"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
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

// A server that serves what it is offered passes every case, but for what is
// listed.
func TestDeflateRowsPassedByWS(t *testing.T) {
	folder := installWS(t)
	target, err := runner.ParseTarget(node(t, folder, true, "server"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range played(t, &runner.Dialer{Target: target}, ofDeflate(wire.Server), runner.Options{Parallel: 8, Seed: 1}) {
		judge(t, r, conformance.Informational, map[string]conformance.Verdict{
			"PMD.1.*":  conformance.NonStrict, // it refuses the handshake
			"PMD.2.*":  conformance.NonStrict,
			"PMD.3.*":  conformance.NonStrict,
			"PMD.2.4":  conformance.Failed,    // it takes "08" for 8
			"PMD.21.7": conformance.NonStrict, // it reads nothing of nothing
		})
	}
}

// Clients do that offer what they like, each with what its offer leaves out.
func TestDeflateRowsPassedByWSClients(t *testing.T) {
	folder := installWS(t)
	always := map[string]conformance.Verdict{
		"PMD.6.10": conformance.Failed,    // it takes "08" for 8
		"PMD.21.7": conformance.NonStrict, // it reads nothing of nothing
		"PMD.35.2": conformance.Failed,    // it looks at the first of two answers
	}
	for offer, lenient := range map[string]map[string]conformance.Verdict{
		`{}`: {
			"PMD.31.*": conformance.Unimplemented, // it offers client_max_window_bits and nothing else
		},
		`{"serverMaxWindowBits": 10, "serverNoContextTakeover": true, "clientMaxWindowBits": false}`: {
			"PMD.31.*": conformance.NonStrict, // it takes any answer that does not limit itself
			"PMD.8.*":  conformance.Unimplemented,
			"PMD.13.*": conformance.Unimplemented,
			"PMD.33.*": conformance.Unimplemented,
		},
	} {
		t.Run(offer, func(t *testing.T) {
			t.Parallel()
			maps.Copy(lenient, always)
			on, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			node(t, folder, false, "client", "ws://"+on.Addr().String(), offer)
			listener := &runner.Listener{Cases: ofDeflate(wire.Client), Options: runner.Options{Seed: 1, TimeScale: 0.5}, Log: t.Logf}
			for h, err := range listener.Serve(t.Context(), on) {
				if err != nil {
					t.Fatal(err)
				}
				judge(t, h.Result, conformance.Informational, lenient)
			}
		})
	}
}
