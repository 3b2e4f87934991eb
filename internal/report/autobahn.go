package report

import (
	"encoding/json"
	"io"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// autobahnCase is a result as index.json of the Autobahn testsuite has it.
type autobahnCase struct {
	Behavior      conformance.Verdict `json:"behavior"`
	BehaviorClose conformance.Verdict `json:"behaviorClose"`
	Duration      int64               `json:"duration"` // milliseconds
	RemoteClose   *wire.StatusCode    `json:"remoteCloseCode"`
	ReportFile    string              `json:"reportfile"`
}

// Autobahn writes index.json in the shape of the Autobahn testsuite, so that
// scripts made for it go on working: agents, their cases, sorted, three blanks
// a level. SKIPPED and INCONCLUSIVE are not among Autobahn's verdicts; such
// cases are left out, as it leaves out cases that were not run.
func Autobahn(w io.Writer, runs ...Run) error {
	agents := make(map[string]map[conformance.ID]autobahnCase)
	for _, run := range distinct(runs) {
		cases := make(map[conformance.ID]autobahnCase)
		for _, r := range run.Results {
			if r.Worse().Judged() {
				cases[r.Case.ID] = autobahnCase{
					r.Behavior, r.BehaviorClose, r.Took.Milliseconds(), r.RemoteClose,
					"report.html#" + string(r.Case.ID),
				}
			}
		}
		agents[run.Agent] = cases
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "   ")
	return encoder.Encode(agents)
}
