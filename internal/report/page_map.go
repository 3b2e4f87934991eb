package report

import (
	"fmt"
	"strings"

	"wsprobe/internal/conformance"
)

// groupView is a line of the map: a group of cases, and a strip for each run.
type groupView struct {
	ID, Title string
	Strips    []strip
}

// Name returns number and title.
func (g groupView) Name() string {
	if g.ID == g.Title {
		return g.ID
	}
	return g.ID + " " + g.Title
}

// strip has a mark for each case of a group, as it came out in a run.
type strip struct {
	Agent                  string
	Played, Failing, Known int
	unjudged               map[conformance.Verdict]int // why the others neither pass nor fail
	Marks                  []mark
}

// Words says what the strip shows.
func (s strip) Words() string {
	fail := func(n int) string {
		if n == 1 {
			return fmt.Sprintf("1 of %d fails", s.Played)
		}
		return fmt.Sprintf("%d of %d fail", n, s.Played)
	}
	switch {
	case s.Failing > 0:
		return fail(s.Failing)
	case s.Known > 0:
		return fail(s.Known) + ", known"
	case s.Played > 1:
		return fmt.Sprintf("all %d pass", s.Played)
	case s.Played == 1:
		return "1 passes"
	}
	var others []string
	for _, v := range conformance.Verdicts() {
		if n := s.unjudged[v]; n > 0 {
			others = append(others, fmt.Sprintf("%d %v", n, v))
		}
	}
	if len(others) == 0 {
		return "not played"
	}
	return strings.Join(others, ", ")
}

type mark struct {
	ID    string
	Tone  tone
	Label string // ID and both verdicts
}

// mark adds a case to the map.
func (p *page) mark(c caseView) {
	if len(p.Groups) == 0 || p.Groups[len(p.Groups)-1].ID != c.Group {
		group := groupView{ID: c.Group, Title: Printable(conformance.GroupTitle(c.Group))}
		for _, run := range p.Runs {
			group.Strips = append(group.Strips, strip{Agent: run.Agent, unjudged: map[conformance.Verdict]int{}})
		}
		p.Groups = append(p.Groups, group)
	}
	strips := p.Groups[len(p.Groups)-1].Strips
	for i, r := range c.Results {
		s, m := &strips[i], mark{ID: c.ID, Tone: r.Worse.Tone, Label: c.ID + " not in this run"}
		if !r.Missing {
			m.Label = strings.Join([]string{c.ID, r.Behavior.Verdict.String(), "/", r.Close.Verdict.String()}, " ")
			switch r.Outcome {
			case conformance.Fails:
				s.Played++
				s.Failing++
			case conformance.KnownToFail:
				s.Played++
				s.Known++
			case conformance.Passed:
				s.Played++
			default:
				s.unjudged[r.Worse.Verdict]++
			}
		}
		s.Marks = append(s.Marks, m)
	}
}
