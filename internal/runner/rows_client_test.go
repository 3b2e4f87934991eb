package runner_test

import (
	"maps"
	"slices"
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
		"EXT.3.*":  conformance.Failed,
		"CRV.12.*": conformance.Failed,
		"CRV.16.*": conformance.Failed,
	},
	"coder-ctx": { // plays the cases of compression
		"PMD.6.1":  conformance.Failed, // it reads no value of server_max_window_bits
		"PMD.6.2":  conformance.Failed,
		"PMD.6.3":  conformance.Failed,
		"PMD.6.4":  conformance.Failed,
		"PMD.6.10": conformance.Failed,
		"PMD.7.*":  conformance.Failed, // it does not mind a repeated parameter
		"PMD.25.*": conformance.Failed, // after a final block it reads no more
		"PMD.27.*": conformance.Failed, // it does not look at UTF-8
	},
	"gws": { // limits the server's window
		"PMD.5.*":  conformance.Failed, // it reads of an answer what it knows
		"PMD.6.*":  conformance.Failed,
		"PMD.7.*":  conformance.Failed,
		"PMD.35.*": conformance.Failed,
		"PMD.17.*": conformance.Failed, // where compression is agreed on it looks at no reserved bit
		"PMD.18.*": conformance.Failed,
		"PMD.36.*": conformance.Failed,
	},
}

// Right clients pass the cases of the rows, but for what is listed; what RFC
// 6455 does not say outright they may see otherwise.
func TestRowsPassedByClients(t *testing.T) {
	if testing.Short() {
		t.Skip("clients take their time to give up")
	}
	for library, lenient := range lenientClients {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			deflates := library == "coder-ctx" || library == "gws"
			listener := &runner.Listener{Agents: []string{library}, Options: runner.Options{Seed: 1, TimeScale: 0.5}, Log: t.Logf}
			if deflates {
				listener.Options.TimeScale = 2 // coder reads on for three seconds before it gives up a response
			}
			for _, c := range conformance.Catalogue() {
				_, led := conformance.RowOf(c.ID)
				known := deflates && slices.ContainsFunc(slices.Collect(maps.Keys(lenient)), c.ID.Matches) // and not waited for
				if led && c.Fits(wire.Client) && deflates == (c.ID.Group() == "PMD") && !known {
					listener.Cases = append(listener.Cases, c)
				}
			}
			for h, err := range listener.Serve(t.Context(), visited(t, library)) {
				if err != nil {
					t.Fatal(err)
				}
				judge(t, h.Result, conformance.NonStrict, lenient)
			}
		})
	}
}
