package main

import (
	"fmt"
	"strings"
	"time"

	"wsprobe/internal/conformance"
)

// progress tells how far a run is: on a terminal in the line that is written
// over, elsewhere in a line a group, or a line a case where the device is the one
// that sets the pace.
type progress struct {
	screen *screen
	agent  string // the device, where it is one of several and sets the pace; else ""
	cases  []conformance.Case
	began  time.Time
	played map[conformance.ID]bool
	next   int // of the cases, the first that has not been played
	all    map[conformance.Verdict]int
	group  map[conformance.Verdict]int
}

func newProgress(s *screen, agent string, cases []conformance.Case) *progress {
	p := &progress{screen: s, agent: agent, cases: cases, began: time.Now(),
		played: map[conformance.ID]bool{}, all: map[conformance.Verdict]int{}, group: map[conformance.Verdict]int{}}
	s.show(p.String())
	return p
}

// count counts the result of a case.
func (p *progress) count(r conformance.Result) {
	p.all[r.Worse()]++
	p.group[r.Worse()]++
	p.played[r.Case.ID] = true
	for p.next < len(p.cases) && p.played[p.cases[p.next].ID] {
		p.next++
	}
}

// add counts the result of a case and tells it. Those of rows, which come when all
// is played, are left to the report.
func (p *progress) add(r conformance.Result) {
	if r.OfRow() {
		return
	}
	p.count(r)
	switch {
	case p.screen.terminal:
		p.screen.show(p.String())
	case p.agent != "":
		fmt.Fprintf(p.screen, "wsprobe: %s %s  %s %v / %v\n", p.agent, p.done(), r.Case.ID, r.Behavior, r.BehaviorClose)
	default:
		p.endGroup(r.Case.ID.Group())
	}
}

// endGroup writes the line of a group when the last of its cases is played.
func (p *progress) endGroup(group string) {
	if p.next < len(p.cases) && p.cases[p.next].ID.Group() == group {
		return
	}
	fmt.Fprintf(p.screen, "%s  %s %s: %s\n", p.done(), group, conformance.GroupTitle(group), tally(p.group))
	clear(p.group)
}

func (p *progress) done() string { return fmt.Sprintf("%d/%d", len(p.played), len(p.cases)) }

// maxShown bounds a device's name in the line, in characters.
const maxShown = 24

// String is the line of a terminal.
func (p *progress) String() string {
	line := p.done()
	if p.agent != "" {
		line = clip(p.agent, maxShown) + " " + line
	}
	if len(p.played) > 0 {
		line += "  " + tally(p.all)
	}
	if p.next < len(p.cases) {
		line += fmt.Sprintf("  now %s%s", p.cases[p.next].ID, p.left())
	}
	return line
}

// left estimates the time that is left from the time that was spent.
func (p *progress) left() string {
	spent, played := time.Since(p.began), len(p.played)
	if played < 10 || spent < time.Second {
		return ""
	}
	left := spent * time.Duration(len(p.cases)-played) / time.Duration(played)
	return fmt.Sprintf(", about %v left", left.Round(time.Second))
}

// tally names verdicts with their counts, the good ones first.
func tally(counts map[conformance.Verdict]int) string {
	var parts []string
	for _, v := range conformance.Verdicts() {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %v", counts[v], v))
		}
	}
	return strings.Join(parts, ", ")
}
