package report

import (
	"fmt"
	"strings"
	"time"

	"wsprobe/internal/conformance"
)

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

type fact struct{ Name, Value string }

func newRunView(run Run) runView {
	counts, outcomes := run.Counts(), run.Outcomes()
	headline := run.headline()
	view := runView{
		Agent:    shorten(run.Agent, maxAgent),
		Headline: strings.ToUpper(headline[:1]) + headline[1:] + ".",
		Tone:     toneGood, Total: len(run.Results), Bar: bars(counts), Tallies: tallies(counts),
		Facts: factsOf(run), Notes: notesOf(run), Skips: run.Skips(),
	}
	switch {
	case outcomes[conformance.Fails] > 0:
		view.Tone = toneBad
	case run.Played() == 0 || outcomes[conformance.KnownToFail] > 0:
		view.Tone = toneWarn
	}
	for i, skip := range view.Skips {
		view.Skips[i].Reason = shorten(Printable(skip.Reason), maxReason)
	}
	for _, line := range run.Known.Stale(run.Results) {
		view.Stale = append(view.Stale, shorten(Printable(line.String()), maxReason))
	}
	return view
}

func bars(counts map[conformance.Verdict]int) (all []bar) {
	at := 0
	for _, t := range tones() {
		n := 0
		for v, count := range counts {
			if toneOf(v) == t {
				n += count
			}
		}
		if n > 0 {
			all = append(all, bar{t, at, n})
			at += n
		}
	}
	return all
}

func factsOf(run Run) (facts []fact) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{name, shorten(Printable(value), maxAgent)})
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
	if run.Messages > 0 {
		add("messages", fmt.Sprintf("%d a case at most", run.Messages))
	}
	if run.Strict {
		add("strict", "NON-STRICT fails")
	}
	add("by", run.Tool)
	return facts
}

// notesOf says what else one should know of a run before reading on.
func notesOf(run Run) (notes []string) {
	health, gone := make(map[conformance.Health]int), ""
	for _, r := range run.Results {
		health[r.Health]++
		if gone == "" && r.Health == conformance.Gone && r.Worse().Judged() {
			gone = shorten(Printable(string(r.Case.ID)), maxID)
		}
	}
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			notes = append(notes, one)
		case n > 1:
			notes = append(notes, fmt.Sprintf(many, n))
		}
	}
	note(run.Messages, "limited: 1 message of each case that has 1000", "limited: %d messages of each case that has 1000")
	outcomes := run.Outcomes()
	note(outcomes[conformance.KnownToFail], "1 more fails, and is known to", "%d more fail, and are known to")
	note(health[conformance.Rebooted], "the device rebooted after 1 case", "the device rebooted after %d cases")
	note(health[conformance.Slow], "the device was slow to come back after 1 case", "the device was slow to come back after %d cases")
	if gone != "" {
		notes = append(notes, "the device was gone after case "+gone)
	}
	note(outcomes[conformance.NotJudged], "1 case is inconclusive, for the reason given there", "%d cases are inconclusive, for the reasons given there")
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
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
}
