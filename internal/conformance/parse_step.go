package conformance

import (
	"math"
	"slices"

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
