package conformance

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// KnownLine is a deviation that somebody has looked at: cases that match the
// pattern may come to this verdict, or a better one, in either column.
type KnownLine struct {
	N       int // of the line in its file, from 1
	Pattern string
	Verdict Verdict
	Why     string
}

func (l KnownLine) String() string {
	s := fmt.Sprintf("%s  %v", l.Pattern, l.Verdict)
	if l.Why != "" {
		s += "  # " + l.Why
	}
	return s
}

// Known is a reviewed list of deviations.
type Known []KnownLine

// Bounds of a list of known verdicts.
const (
	maxKnownLine  = 4096 // octets
	maxKnownLines = 10000
)

// ReadKnown reads a list, a line each: "6.4.*  NON-STRICT  # why". What follows
// a # is the reason; blank lines are passed over. An error names the line.
func ReadKnown(r io.Reader) (Known, error) {
	var known Known
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxKnownLine), maxKnownLine)
	n := 1
	for ; lines.Scan(); n++ {
		if n > maxKnownLines {
			return nil, fmt.Errorf("line %d: more than %d lines", n, maxKnownLines)
		}
		rule, why, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(rule)
		if len(words) == 0 {
			continue
		}
		verdict, err := ParseVerdict(strings.Join(words[1:], " "))
		if err != nil || !verdict.Judged() {
			return nil, fmt.Errorf("line %d: want a pattern and a verdict such as NON-STRICT, got %s", n, quoted(strings.TrimSpace(rule)))
		}
		known = append(known, KnownLine{n, words[0], verdict, strings.TrimSpace(why)})
	}
	switch err := lines.Err(); err {
	case nil:
		return known, nil
	case bufio.ErrTooLong:
		return nil, fmt.Errorf("line %d: longer than %d octets", n, maxKnownLine)
	default:
		return nil, fmt.Errorf("line %d: %w", n, err)
	}
}

// Unmatched returns the lines whose pattern matches no case.
func (k Known) Unmatched(cases []Case) (lines []KnownLine) {
	for _, line := range k {
		if _, err := Select(cases, line.Pattern); err != nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// Allows reports whether a line allows both verdicts of r.
func (k Known) Allows(r Result) bool {
	for _, line := range k {
		if r.Case.ID.Matches(line.Pattern) && r.Worse() <= line.Verdict {
			return true
		}
	}
	return false
}

// Stale returns the lines that cases were played for, none of which came to a
// verdict that bad in either column: the device has improved. Cases that were
// not played, SKIPPED or INCONCLUSIVE do not count.
func (k Known) Stale(results []Result) (lines []KnownLine) {
	for _, line := range k {
		played, seen := false, false
		for _, r := range results {
			if r.Behavior.Judged() && r.Case.ID.Matches(line.Pattern) {
				played = true
				seen = seen || r.Worse() >= line.Verdict
			}
		}
		if played && !seen {
			lines = append(lines, line)
		}
	}
	return lines
}
