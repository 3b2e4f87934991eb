package report

import (
	"html/template"
	"strings"

	"wsprobe/internal/conformance"
)

// page is what report.html.tmpl shows. Everything in it that came from a
// device, a file or a flag is printable, and the template escapes it.
type page struct {
	Policy   string
	Style    template.CSS // ours
	Script   template.JS  // ours
	Title    string
	Runs     []runView
	Cases    int
	Failing  int // cases that fail some run
	Differs  int // cases that do not come to the same in all runs
	Groups   []groupView
	Verdicts []tally // cases by verdict, in any run
	Sections []section
	Short    bool // transcripts are not all there
	Legend   []tally
}

// tally counts a verdict.
type tally struct {
	Verdict conformance.Verdict
	Tone    tone
	N       int
	Meaning string
}

// tallies returns the verdicts that there are, the worst first.
func tallies(counts map[conformance.Verdict]int) (all []tally) {
	for _, v := range worstFirst() {
		if counts[v] > 0 {
			all = append(all, tally{v, toneOf(v), counts[v], meaning(v)})
		}
	}
	return all
}

// section is a list of cases under a heading.
type section struct {
	Anchor, Title string
	Cases         []caseView
}

// Bounds of what is shown of a device's words, in characters.
const (
	maxAgent  = 60
	maxReason = 600
)

func newPage(runs []Run) page {
	p := page{Policy: policy(), Style: template.CSS(pageStyle), Script: template.JS(pageScript)}
	var agents []string
	for _, run := range runs {
		view := newRunView(run)
		p.Runs = append(p.Runs, view)
		agents = append(agents, view.Agent)
	}
	p.Title = strings.Join(agents, ", ")
	for _, v := range worstFirst() {
		p.Legend = append(p.Legend, tally{Verdict: v, Tone: toneOf(v), Meaning: meaning(v)})
	}
	cases, short := newCaseViews(runs)
	p.list(cases)
	p.Short = short
	return p
}

// list puts the cases into sections, those that fail first, and counts them.
func (p *page) list(cases []caseView) {
	failing := section{Anchor: "failing", Title: "What fails"}
	var rest []section
	counts := make(map[conformance.Verdict]int)
	for _, c := range cases {
		p.Cases++
		for _, v := range c.Verdicts {
			counts[v]++
		}
		if c.Differs {
			p.Differs++
		}
		p.mark(c)
		if c.Failing {
			failing.Cases = append(failing.Cases, c)
			continue
		}
		if anchor := "group=" + c.Group; len(rest) == 0 || rest[len(rest)-1].Anchor != anchor {
			rest = append(rest, section{Anchor: anchor, Title: p.Groups[len(p.Groups)-1].Name()})
		}
		last := &rest[len(rest)-1]
		last.Cases = append(last.Cases, c)
	}
	if p.Failing = len(failing.Cases); p.Failing > 0 {
		failing.Cases[0].Open = true // shows at once what there is to see
		p.Sections = append(p.Sections, failing)
	}
	p.Sections = append(p.Sections, rest...)
	p.Verdicts = tallies(counts)
}
