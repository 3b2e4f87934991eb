package conformance

import (
	"strconv"
	"strings"

	"wsprobe/internal/wire"
)

func (l *lexer) send() Step {
	s := SendStep{Pace: l.pace()}
	if n, ok := l.option("fragment", MaxPayload); ok {
		s.Fragment = int(n)
	}
	s.Frames = l.frames()
	if s.Fragment > 0 {
		l.fragments(s)
	}
	return s
}

func (l *lexer) rally() Step {
	s := RallyStep{Count: l.number(maxRally), Message: l.frame()}
	if s.Message.Payload.Len() == 0 {
		s.Slice = l.slice()
	}
	if n, ok := l.option("fragment", MaxPayload); ok {
		s.Fragment = int(n)
	}
	s.Blocks = l.blocks()
	if s.Fragment > 0 || s.Slice != (Slice{}) || s.Blocks != AnyBlocks {
		if f := s.Message; f.Opcode != wire.Text && f.Opcode != wire.Binary {
			l.fail("only text and binary are cut and compressed, not %v", f.Opcode)
		}
	}
	return s
}

// slice takes corpus[:size] if it comes next.
func (l *lexer) slice() Slice {
	name, after, ok := strings.Cut(l.rest, "[:")
	corpus, known := corpusNamed(name)
	if !ok || !known {
		return Slice{}
	}
	size, after, _ := strings.Cut(after, "]")
	n, err := strconv.ParseUint(size, 10, 31)
	if err != nil || n == 0 || int(n) > corpus.units() {
		l.fail("want a slice of 1 to %d of %v, got %s", corpus.units(), corpus, quoted(size))
	}
	l.rest = strings.TrimLeft(after, " ")
	return Slice{corpus, int(n)}
}

// fragments checks that frames can be cut into fragments.
func (l *lexer) fragments(s SendStep) {
	fragments := 0
	for _, f := range s.Frames {
		if f.Octets != [2]int{} {
			l.fail("octets= of a frame that is cut into fragments")
		}
		fragments += 1 + f.Payload.Len()/s.Fragment
	}
	if fragments > maxFragments {
		l.fail("more than %d fragments", maxFragments)
	}
}
