package conformance

import "strings"

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
