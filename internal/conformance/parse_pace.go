package conformance

import (
	"strconv"
	"strings"
)

// pace takes how octets go out, as far as anything is said of it.
func (l *lexer) pace() (p Pace) {
	if n, ok := l.option("chop", MaxPayload); ok {
		p.Chop = int(n)
	}
	p.Cut = l.cut()
	if p.Chop > 0 && p.Cut != nil {
		l.fail("chop= or cut=, not both")
	}
	p.Every = l.durationOption("every")
	p.After = l.durationOption("after")
	if n, ok := l.option("upto", MaxPayload); ok {
		if p.Upto = int(n); n == 0 {
			l.fail("upto=0 sends nothing: leave the step out")
		}
	}
	return p
}

// cut takes cut=I,J… if it comes next.
func (l *lexer) cut() (cut []int) {
	after, ok := strings.CutPrefix(l.rest, "cut=")
	if !ok {
		return nil
	}
	list, after, _ := strings.Cut(after, " ")
	l.rest = strings.TrimLeft(after, " ")
	last := 0
	for number := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil || int(n) <= last || n > MaxPayload {
			l.fail("want cut=I,J with octets up to %d, rising, got %s", MaxPayload, quoted(list))
			return nil
		}
		last = int(n)
		cut = append(cut, last)
	}
	return cut
}

// raw takes the octets of a step that sends no frames.
func (l *lexer) raw() Step {
	s := OctetsStep{Pace: l.pace()}
	var ok bool
	if s.Octets, ok = l.payload(); !ok {
		l.fail("want octets in quotes, got %s", quoted(l.rest))
	}
	return s
}
