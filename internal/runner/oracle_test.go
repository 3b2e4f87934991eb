package runner_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/testee"
)

// verdicts are what Autobahn found in one case, as its index.json has it.
type verdicts struct {
	Behavior      conformance.Verdict `json:"behavior"`
	BehaviorClose conformance.Verdict `json:"behaviorClose"`
}

func (v verdicts) String() string { return fmt.Sprintf("%v/%v", v.Behavior, v.BehaviorClose) }

func of(r conformance.Result) verdicts { return verdicts{r.Behavior, r.BehaviorClose} }

// recorded returns the verdicts that the real Autobahn found.
func recorded(t *testing.T, name string) (v map[conformance.ID]verdicts) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "autobahn", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// start starts a server of the nested module and returns where it serves.
func start(t *testing.T, library string) runner.Target {
	t.Helper()
	target, err := runner.ParseTarget(testee.Serve(t, testee.Command(t, "server", "-lib", library, "-addr", "127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// noisy are the cases in which Autobahn itself gives now OK and now
// NON-STRICT: an echo races a failing connection.
var noisy = []conformance.ID{"3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.1.5", "4.2.3", "4.2.4", "4.2.5", "5.15"}

func equal(id conformance.ID, got, want verdicts) bool {
	if slices.Contains(noisy, id) && got.Behavior <= conformance.NonStrict && want.Behavior <= conformance.NonStrict {
		got.Behavior = want.Behavior
	}
	return got == want
}

// patient are options for a machine that is busy with other tests: few messages,
// and seconds for what a good library answers at once elsewhere.
func patient() runner.Options {
	return runner.Options{Parallel: 8, Seed: 1, Messages: 20, Profile: conformance.Profile{Patience: 5 * time.Second}}
}

// Both verdicts are those that the real Autobahn gave, but for the listed
// differences.
func TestOracle(t *testing.T) {
	for name, library := range map[string]string{
		"server-coder-nocomp": "coder",
		"server-coder-ctx":    "coder-ctx",
		"server-gorilla":      "gorilla",
		"server-gorilla-pmd":  "gorilla-pmd",
		"server-gobwas-raw":   "gobwas-raw",
		"server-xnet-codec":   "xnet-codec",
		"server-xnet-copy":    "xnet-copy",
	} {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			autobahn := recorded(t, name)
			want := wanted(library, autobahn)
			var cases []conformance.Case
			for _, c := range conformance.Catalogue() {
				if _, ok := autobahn[c.ID]; ok {
					cases = append(cases, c)
				}
			}
			dialer := &runner.Dialer{Target: start(t, library)}
			for got, err := range runner.Run(t.Context(), dialer, cases, patient()) {
				if err != nil {
					t.Fatal(err)
				}
				if got.Case.Script == nil {
					continue // of a row: Autobahn has none
				}
				if id := got.Case.ID; !equal(id, of(got), want[id]) {
					t.Errorf("%s: got %v, want %v, Autobahn %v: %s\n%v", id, of(got), want[id], autobahn[id], got.Reason, got.Transcript)
				}
			}
		})
	}
}
