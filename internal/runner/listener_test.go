package runner_test

import (
	"net"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/testee"
)

// Clients get the verdicts that the real Autobahn gave, over Autobahn's URLs.
func TestClientOracle(t *testing.T) {
	for name, library := range map[string]string{
		"client-coder-nocomp": "coder",
		"client-coder-ctx":    "coder-ctx",
		"client-gorilla":      "gorilla",
		"client-xnet":         "xnet",
	} {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			autobahn := recorded(t, name)
			want := wanted("client-"+library, autobahn)
			listener := &runner.Listener{Agents: []string{library}, Options: patient(), Log: t.Logf}
			for _, c := range conformance.Catalogue() {
				if _, ok := autobahn[c.ID]; ok {
					listener.Cases = append(listener.Cases, c)
				}
			}
			asked := 0
			for got, err := range listener.Serve(t.Context(), visited(t, library)) {
				switch {
				case err != nil:
					t.Fatal(err)
				case got.Asks():
					asked++
					continue
				case got.Result.OfRow():
					continue // Autobahn has none
				}
				if id, r := got.Result.Case.ID, got.Result; !equal(id, of(r), want[id]) {
					t.Errorf("%s: got %v, want %v, Autobahn %v: %s\n%v", id, of(r), want[id], autobahn[id], r.Reason, r.Transcript)
				}
			}
			if asked != 1 {
				t.Errorf("asked for reports %d times", asked)
			}
		})
	}
}

// visited is where a client of the nested module comes to.
func visited(t *testing.T, library string) net.Listener {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	testee.Start(t, testee.Command(t, "client", "-lib", library, "-url", "ws://"+on.Addr().String()))
	return on
}
