package conformance

import (
	"math"

	"wsprobe/internal/wire"
)

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

// codes takes numbers to the end of the line.
func (l *lexer) codes() (codes []wire.StatusCode) {
	for l.rest != "" && l.err == nil {
		codes = append(codes, wire.StatusCode(l.number(math.MaxUint16)))
	}
	return codes
}
