package runner_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// lenientClients are the verdicts of client libraries that are less strict than
// the RFC.
var lenientClients = map[string]map[string]conformance.Verdict{
	"gorilla": {
		"CRV.11.*": conformance.Failed, // it looks neither at extensions nor at subprotocols
		"CRV.12.*": conformance.Failed,
		"CRV.16.*": conformance.Failed,
	},
}

// Right clients pass the cases of the rows, but for what is listed; what RFC
// 6455 does not say outright they may see otherwise.
func TestRowsPassedByClients(t *testing.T) {
	if testing.Short() {
		t.Skip("clients take their time to give up")
	}
	bin := filepath.Join(t.TempDir(), "client")
	out, err := exec.Command("go", "build", "-C", filepath.Join("..", "..", "testdata", "testees"), "-o", bin, "./client").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for library, lenient := range lenientClients {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			listener := &runner.Listener{Agents: []string{library}, Options: runner.Options{Seed: 1, TimeScale: 0.5}, Log: t.Logf}
			for _, c := range conformance.Catalogue() {
				if _, led := conformance.RowOf(c.ID); led && c.Fits(wire.Client) {
					listener.Cases = append(listener.Cases, c)
				}
			}
			on, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			device := exec.CommandContext(ctx, bin, "-lib", library, "-url", "ws://"+on.Addr().String())
			device.Stderr = os.Stderr
			if err := device.Start(); err != nil {
				t.Fatal(err)
			}
			defer device.Wait()
			defer cancel()
			for h, err := range listener.Serve(ctx, on) {
				if err != nil {
					t.Fatal(err)
				}
				r := h.Result
				allowed := conformance.NonStrict
				for pattern, v := range lenient {
					if r.Case.ID.Matches(pattern) {
						allowed = max(allowed, v)
					}
				}
				if r.Worse() > allowed && !r.OfRow() {
					t.Errorf("%s %s: %v/%v: %s\n%v", r.Case.ID, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
				}
			}
		})
	}
}
