package conformance

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"wsprobe/internal/wire"
)

// step reads a line that is not a block.
func (l *lexer) step() Step {
	switch {
	case l.word("send"):
		return l.send()
	case l.word("octets"):
		return l.raw()
	case l.word("may"):
		return l.may()
	case l.word("reply"):
		return ReplyStep{false, l.messages()}
	case l.word("must"):
		return l.must()
	case l.word("should"):
		return l.should()
	case l.word("quiet"):
		return QuietStep{l.duration()}
	case l.word("rally"):
		return l.rally()
	case l.word("within"):
		return WithinStep{l.duration()}
	case l.word("informational"):
		return InformStep{}
	case l.word("stall"):
		return StallStep{l.duration()}
	case l.word("together"):
		return TogetherStep{l.frames()}
	case l.word("request"):
		pace, edits := l.edits()
		return RequestStep{edits, pace}
	case l.word("response"):
		pace, edits := l.edits()
		return ResponseStep{edits, pace}
	case l.word("deflate"):
		return l.deflate()
	case l.word("offered"):
		return l.offered()
	case l.word("close"):
		return Ending{EndClose, l.codes()}
	case l.word("drop"):
		return Drop()
	case l.word("reset"):
		return Reset()
	}
	return l.watching()
}

// watching reads a step that watches what the peer does of itself.
func (l *lexer) watching() Step {
	switch {
	case l.word("unanswered"):
		return UnansweredStep{l.duration()}
	case l.word("tolerate"):
		return TolerateStep{wire.StatusCode(l.number(math.MaxUint16)), l.messages()}
	case l.word("still"):
		l.expect("there")
		return StillThereStep{}
	case l.word("open"):
		return OpenStep{}
	case l.word("half-close"):
		return HalfCloseStep{}
	case l.word("obey"):
		return ObeyStep{l.row()}
	case l.word("given"):
		return GivenStep{l.fact()}
	}
	l.fail("no step begins so: %s", quoted(l.rest))
	return nil
}

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

// messages takes frames that a device may answer.
func (l *lexer) messages() []Frame {
	frames := l.frames()
	for _, f := range frames {
		if f.Opcode != wire.Text && f.Opcode != wire.Binary {
			l.fail("a device replies to text and binary, not to %v; what the protocol answers is a must", f.Opcode)
		}
	}
	return frames
}

// awaited takes frames that the protocol itself answers with.
func (l *lexer) awaited() []Frame {
	frames := l.frames()
	for _, f := range frames {
		if !f.Opcode.IsControl() {
			l.fail("%v is no frame of the protocol itself; what a device answers is a reply", f.Opcode)
		}
	}
	return frames
}

func (l *lexer) row() string {
	t := l.token()
	if !slices.ContainsFunc(Rows(), func(r Row) bool { return r.ID == t }) {
		l.fail("no requirement row is called %s", quoted(t))
	}
	return t
}

func (l *lexer) fact() Fact {
	t := Fact(l.token())
	if !slices.Contains(facts, t) {
		l.fail("want one of %v, got %s", facts, quoted(string(t)))
	}
	return t
}

func (l *lexer) may() Step {
	switch {
	case l.word("refuse"):
		return Ending{EndMayRefuse, l.codes()}
	case l.word("fail"):
		return Ending{EndMayFail, l.codes()}
	}
	l.expect("reply")
	return ReplyStep{true, l.messages()}
}

func (l *lexer) must() Step {
	switch {
	case l.word("answer"):
		return Ending{EndAnswer, l.codes()}
	case l.word("reject"):
		return Ending{EndReject, l.codes()}
	case l.word("fail"):
		return Ending{EndFail, l.codes()}
	case l.word("refuse"):
		if l.word("version") {
			return Ending{EndRefuseVersion, l.codes()}
		}
		return Ending{EndRefuse, l.codes()}
	case l.word("let"):
		l.expect("go")
		return Ending{EndLetGo, l.codes()}
	}
	return AwaitStep{false, l.awaited()}
}

func (l *lexer) should() Step {
	if l.word("not") {
		l.expect("fail")
		return Ending{EndShouldNotFail, l.codes()}
	}
	if !l.word("fail") {
		return AwaitStep{true, l.awaited()}
	}
	code := wire.StatusCode(l.number(math.MaxUint16))
	l.expect("within")
	return FailFastStep{code, l.duration()}
}

// codes takes numbers to the end of the line.
func (l *lexer) codes() (codes []wire.StatusCode) {
	for l.rest != "" && l.err == nil {
		codes = append(codes, wire.StatusCode(l.number(math.MaxUint16)))
	}
	return codes
}

func (l *lexer) deflate() Step {
	offers := strings.Split(l.rest, ",")
	for i := range offers {
		if offers[i] = strings.TrimSpace(offers[i]); offers[i] == plainOffer {
			offers[i] = ""
		}
	}
	l.rest = ""
	return DeflateStep{offers}
}

func (l *lexer) edits() (pace Pace, edits []Edit) {
	pace = l.pace()
	if l.rest == "" {
		return pace, nil
	}
	edits = []Edit{l.edit()}
	for l.comma() {
		edits = append(edits, l.edit())
	}
	return pace, edits
}

func (l *lexer) edit() Edit {
	switch {
	case l.word("start"):
		return Edit{EditStart, "", l.value()}
	case l.word("line"):
		return Edit{EditRaw, "", l.value()}
	case l.word("end"):
		return Edit{EditLineEnd, "", l.value()}
	case l.word("reverse"):
		return Reverse()
	}
	name := l.token()
	field, isField := strings.CutSuffix(name, ":")
	switch {
	case field == "" || strings.ContainsAny(field, `"`):
		l.fail("no edit of a handshake begins so: %s", quoted(name))
		return Edit{}
	case isField && field[0] == '+':
		return Edit{EditAdd, field[1:], l.value()}
	case isField:
		return Edit{EditSet, field, l.value()}
	case field[0] == '-':
		return Remove(field[1:])
	}
	l.expect("as")
	return Edit{EditRename, field, l.value()}
}

// value takes a payload, which may be left unquoted if it is one word.
func (l *lexer) value() Payload {
	if p, ok := l.payload(); ok || l.err != nil {
		return p
	}
	return Literal(l.token())
}
