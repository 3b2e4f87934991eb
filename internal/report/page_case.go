package report

import (
	"cmp"
	"slices"
	"strings"

	"wsprobe/internal/conformance"
)

// caseView is a case in the page: a line of the matrix, and what opens from it.
type caseView struct {
	ID, Group, Title string
	Clause, Link     string // Link is "" if the clause is not of an RFC
	Level            string
	Script           string // "" if it is not the same in all runs
	Verdicts         []conformance.Verdict
	Failing, Differs bool
	Open             bool
	Reasons          []reason
	Results          []resultView // one a run
}

// reason is why a case did not come out well, and with which agents.
type reason struct {
	Text   string
	Agents []string
}

// resultView is what a case came to in a run.
type resultView struct {
	Agent           string
	Missing         bool // the run does not have the case
	Behavior, Close verdictView
	Worse           verdictView
	Outcome         conformance.Outcome
	Reason          string
	Known           string   // why the verdict is known
	Tags            []string // what one should see without opening the case
	Facts           []fact
	Script          string // if it is not the same in all runs
	Wire            []entryView
}

type verdictView struct {
	Verdict conformance.Verdict
	Tone    tone
}

func viewOf(v conformance.Verdict) verdictView { return verdictView{v, toneOf(v)} }

// newCaseViews returns the cases of all runs in the order of their IDs, findings
// before that and the worst first, and whether transcripts had to be shortened.
func newCaseViews(runs []Run) (views []caseView, short bool) {
	byCase := make(map[conformance.ID][]*conformance.Result)
	var ids []conformance.ID
	for i, run := range runs {
		for j := range run.Results {
			r := &run.Results[j]
			if byCase[r.Case.ID] == nil {
				byCase[r.Case.ID] = make([]*conformance.Result, len(runs))
				ids = append(ids, r.Case.ID)
			}
			byCase[r.Case.ID][i] = r
		}
	}
	worst := func(id conformance.ID) (kind conformance.Kind) {
		for _, r := range byCase[id] {
			if r != nil {
				kind = max(kind, kindOf(*r))
			}
		}
		return kind
	}
	slices.SortFunc(ids, func(a, b conformance.ID) int { return cmp.Or(cmp.Compare(worst(b), worst(a)), a.Compare(b)) })
	tell := teller{dumps: maxDumps, full: maxFull}
	for _, id := range ids {
		views = append(views, tell.newCaseView(runs, byCase[id]))
	}
	return views, tell.short
}

// teller writes transcripts, within what a page can hold.
type teller struct {
	dumps int  // octets of dumps that may still be written
	full  int  // entries of cases that fail, likewise
	short bool // something was left out for want of room
}

// newCaseView shows a case; results has one for each run, nil where it was not
// among the cases.
func (t *teller) newCaseView(runs []Run, results []*conformance.Result) caseView {
	var scripts []string
	var view caseView
	for i, r := range results {
		agent := shorten(runs[i].Agent, maxAgent)
		if r == nil {
			view.Results = append(view.Results, resultView{Agent: agent, Missing: true})
			continue
		}
		if view.ID == "" {
			view.describe(r.Case)
		}
		result := t.newResultView(runs[i], *r)
		result.Agent, result.Script = agent, script(r.Case.Script)
		view.Results = append(view.Results, result)
		view.because(agent, result.Reason)
		view.Failing = view.Failing || result.Outcome == conformance.Fails
		if !slices.Contains(view.Verdicts, r.Worse()) {
			view.Verdicts = append(view.Verdicts, r.Worse())
		}
		if !slices.Contains(scripts, result.Script) {
			scripts = append(scripts, result.Script)
		}
	}
	view.Differs = differs(results)
	if len(scripts) == 1 {
		view.Script = scripts[0]
		for i := range view.Results {
			view.Results[i].Script = ""
		}
	}
	return view
}

// because adds an agent's reason, to that of others if it is the same.
func (view *caseView) because(agent, text string) {
	if text == "" {
		return
	}
	i := slices.IndexFunc(view.Reasons, func(r reason) bool { return r.Text == text })
	if i < 0 {
		i = len(view.Reasons)
		view.Reasons = append(view.Reasons, reason{Text: text})
	}
	view.Reasons[i].Agents = append(view.Reasons[i].Agents, agent)
}

func differs(results []*conformance.Result) bool {
	for _, r := range results {
		first := results[0]
		if (r == nil) != (first == nil) || r != nil && (r.Behavior != first.Behavior || r.BehaviorClose != first.BehaviorClose) {
			return true
		}
	}
	return false
}

// describe fills in what does not depend on the run.
func (view *caseView) describe(c conformance.Case) {
	view.ID, view.Group = Printable(string(c.ID)), Printable(c.ID.Group())
	view.Title, view.Clause = shorten(Printable(c.Title), maxReason), shorten(Printable(c.Spec), maxReason)
	view.Level = strings.ToUpper(c.Level.String())
	view.Link = conformance.ClauseLink(c.Spec)
}

// script returns a script as text, with a bound to what a page can hold.
func script(s conformance.Script) string {
	lines := strings.Split(strings.TrimSuffix(s.String(), "\n"), "\n")
	for i, line := range lines {
		step := strings.TrimLeft(line, "\t")
		lines[i] = line[:len(line)-len(step)] + shorten(Printable(step), maxEntryText)
	}
	return strings.Join(lines, "\n")
}

// VerdictList returns the verdicts as report.js reads them.
func (view caseView) VerdictList() string {
	var words []string
	for _, v := range view.Verdicts {
		words = append(words, v.String())
	}
	return strings.Join(words, "|")
}
