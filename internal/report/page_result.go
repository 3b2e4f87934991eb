package report

import (
	"fmt"

	"wsprobe/internal/conformance"
)

// entryView is a line of a transcript.
type entryView struct {
	At, Way, Dir string // Way is a class of report.css: out, in or note
	Text         string
	Size         int // octets
	Dump         string
}

// Bounds of what the page shows of a transcript. The whole of it is in
// run.jsonl.
const (
	maxDumps     = 6 << 20                        // octets of dumps in a page
	maxFull      = 20000                          // entries of cases that fail; more are told as if they passed
	fullEdge     = conformance.MaxEntryOctets / 2 // octets of an entry at either end, of a case that fails
	briefEdge    = 32                             // likewise, of a case that passes
	briefEntries = 40                             // of a case that passes, half of them at either end
)

func (t *teller) newResultView(run Run, r conformance.Result) resultView {
	outcome := run.Rules().Outcome(r)
	view := resultView{
		Behavior: viewOf(r.Behavior), Close: viewOf(r.BehaviorClose), Worse: viewOf(r.Worse()),
		Outcome: outcome, Reason: shorten(Printable(r.Reason), maxReason),
	}
	if outcome == conformance.KnownToFail {
		view.Known = whyKnown(run.Known, r)
		view.Tags = append(view.Tags, "known")
	}
	switch r.Health {
	case conformance.Slow:
		view.Tags = append(view.Tags, "device slow")
	case conformance.Rebooted:
		view.Tags = append(view.Tags, "device rebooted")
	case conformance.Gone:
		if outcome == conformance.NotJudged {
			break // gone before
		}
		view.Tags = append(view.Tags, "device gone")
	}
	if r.Finding != nil {
		view.Tags = append(view.Tags, r.Finding.Kind.String())
	}
	if r.Worse() != conformance.Skipped {
		view.Facts = factsOfResult(run, r)
	}
	view.Wire = t.wire(r.Transcript, outcome == conformance.Passed)
	return view
}

// whyKnown returns the line of the list that allows the result.
func whyKnown(known conformance.Known, r conformance.Result) string {
	for _, line := range known {
		if (conformance.Known{line}).Allows(r) {
			return shorten(Printable(line.String()), maxReason)
		}
	}
	return ""
}

func factsOfResult(run Run, r conformance.Result) []fact {
	if r.Finding != nil {
		return factsOfFinding(r.Finding)
	}
	code := "none"
	if r.RemoteClose != nil {
		code = fmt.Sprint(*r.RemoteClose)
	}
	facts := []fact{{"took", span(r.Took)}, {"close code", code}}
	if r.Health != "" {
		facts = append(facts, fact{"device after it", shorten(Printable(string(r.Health)), maxAgent)})
	}
	if !r.Started.IsZero() && !run.Started.IsZero() {
		facts = append(facts, fact{"at", "+" + span(r.Started.Sub(run.Started))})
	}
	return facts
}

// factsOfFinding says what a finding is; nothing of what is none.
func factsOfFinding(f *conformance.Finding) []fact {
	if f == nil {
		return nil
	}
	return []fact{
		{"kind", f.Kind.String()}, {"reproduced", fmt.Sprintf("%d of %d times", f.Times, f.Tries)},
		{"inputs that did it", fmt.Sprint(f.Inputs)}, {"pattern", f.Pattern()},
		{"files", "findings/" + shorten(Printable(f.Name()), maxAgent) + ".case, .bin, .hex, .py, .pcapng"},
	}
}

// wire shows a transcript; of a case that passes, head and tail.
func (t *teller) wire(all conformance.Transcript, passed bool) (entries []entryView) {
	edge, left := fullEdge, 0
	switch {
	case passed:
		edge, left = briefEdge, max(0, len(all)-briefEntries)
	case len(all) > t.full:
		edge, left, t.short = briefEdge, max(0, len(all)-briefEntries), true
	default:
		t.full -= len(all)
	}
	for i, e := range all {
		if left > 0 && i == briefEntries/2 {
			entries = append(entries, entryView{Way: "note", Dir: "·", Text: fmt.Sprintf("%d more in run.jsonl", left)})
		}
		if left == 0 || i < briefEntries/2 || i >= briefEntries/2+left {
			entries = append(entries, t.entry(e, edge))
		}
	}
	return entries
}

func (t *teller) entry(e conformance.Entry, edge int) entryView {
	view := entryView{
		At: fmt.Sprintf("%.3f", e.At.Seconds()), Dir: shorten(Printable(string(e.Dir)), 3), Way: "note",
		Text: shorten(Printable(e.Text), maxEntryText), Size: e.Size,
	}
	switch e.Dir {
	case conformance.Sent:
		view.Way = "out"
	case conformance.Received:
		view.Way = "in"
	}
	if len(e.Octets) > 0 {
		if lines := dump(e, edge); len(lines) <= t.dumps {
			view.Dump = lines
			t.dumps -= len(lines)
		} else {
			t.short = true
		}
	}
	return view
}
