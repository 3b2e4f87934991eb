package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"

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

// runView is a run at the head of the page.
type runView struct {
	Agent    string
	Headline string
	Tone     tone
	Total    int
	Bar      []bar
	Tallies  []tally
	Facts    []fact
	Notes    []string
	Skips    []Skip
	Stale    []string // known verdicts that do not hold any more
}

// bar is a piece of the bar of a run, in cases.
type bar struct {
	Tone  tone
	At, N int
}

// tally counts a verdict.
type tally struct {
	Verdict conformance.Verdict
	Tone    tone
	N       int
	Meaning string
}

type fact struct{ Name, Value string }

// section is a list of cases under a heading.
type section struct {
	Anchor, Title, Note string
	Cases               []caseView
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
	for _, v := range worstFirst() {
		if counts[v] > 0 {
			p.Verdicts = append(p.Verdicts, tally{v, toneOf(v), counts[v], meaning(v)})
		}
	}
}

func newRunView(run Run) runView {
	counts, outcomes := run.Counts(), run.Outcomes()
	headline := run.headline()
	view := runView{
		Agent:    shorten(run.Agent, maxAgent),
		Headline: strings.ToUpper(headline[:1]) + headline[1:] + ".",
		Tone:     toneGood, Total: len(run.Results), Facts: factsOf(run), Skips: run.Skips(),
	}
	switch {
	case outcomes[conformance.Fails] > 0:
		view.Tone = toneBad
	case run.Played() == 0 || outcomes[conformance.KnownToFail] > 0:
		view.Tone = toneWarn
	}
	at := 0
	for _, t := range tones() {
		n := 0
		for v, count := range counts {
			if toneOf(v) == t {
				n += count
			}
		}
		if n > 0 {
			view.Bar = append(view.Bar, bar{t, at, n})
			at += n
		}
	}
	for _, v := range worstFirst() {
		if counts[v] > 0 {
			view.Tallies = append(view.Tallies, tally{v, toneOf(v), counts[v], meaning(v)})
		}
	}
	for i, skip := range view.Skips {
		view.Skips[i].Reason = shorten(printable(skip.Reason), maxReason)
	}
	for _, line := range run.Known.Stale(run.Results) {
		view.Stale = append(view.Stale, shorten(printable(line.String()), maxReason))
	}
	view.Notes = notesOf(run)
	return view
}

func factsOf(run Run) (facts []fact) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{name, shorten(printable(value), maxAgent)})
		}
	}
	add("profile", run.Profile)
	if run.DeviceRole != 0 {
		add("device", run.DeviceRole.String())
	}
	add("seed", fmt.Sprint(run.Seed))
	if !run.Started.IsZero() {
		add("started", clock(run.Started))
	}
	if took := run.Took(); took > 0 {
		add("took", span(took))
	}
	if run.TimeScale != 0 && run.TimeScale != 1 {
		add("time scale", fmt.Sprint(run.TimeScale))
	}
	if run.Strict {
		add("strict", "NON-STRICT fails")
	}
	add("by", run.Tool)
	return facts
}

// notesOf says what else one should know of a run before reading on.
func notesOf(run Run) (notes []string) {
	health := make(map[conformance.Health]int)
	for _, r := range run.Results {
		health[r.Health]++
	}
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			notes = append(notes, one)
		case n > 1:
			notes = append(notes, fmt.Sprintf(many, n))
		}
	}
	outcomes := run.Outcomes()
	note(outcomes[conformance.KnownToFail], "1 more fails, and is known to", "%d more fail, and are known to")
	note(health[conformance.Rebooted], "the device rebooted after 1 case", "the device rebooted after %d cases")
	note(health[conformance.Gone], "the device was gone after 1 case", "the device was gone after %d cases")
	note(health[conformance.Slow], "the device was slow to come back after 1 case", "the device was slow to come back after %d cases")
	return notes
}

// clock writes a time as the clock at the bench had it.
func clock(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return t.Format("2006-01-02 15:04:05 UTC")
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}

// span writes a time that something took, to three digits or so.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
}
