package wire

import "unicode/utf8"

// UTF8 checks that text which comes in pieces is UTF-8 (RFC 6455 §8.1), and
// notices a bad octet as soon as it is there. The zero value is ready for use.
type UTF8 struct {
	tail [utf8.UTFMax]byte // a character whose last octets are still to come
	n    int               // octets of tail
	bad  bool
}

// Write takes the next octets of the text. It reports false as soon as no
// continuation could make the text valid, and from then on.
func (u *UTF8) Write(b []byte) bool {
	u.bad = u.bad || !u.write(b)
	return !u.bad
}

func (u *UTF8) write(b []byte) bool {
	for u.n > 0 && len(b) > 0 { // complete the character that was cut
		u.tail[u.n] = b[0]
		u.n++
		b = b[1:]
		if !utf8.FullRune(u.tail[:u.n]) {
			continue
		}
		if !utf8.Valid(u.tail[:u.n]) {
			return false
		}
		u.n = 0
	}
	if len(b) == 0 {
		return true
	}
	whole := len(b) - cut(b)
	u.n = copy(u.tail[:], b[whole:])
	return utf8.Valid(b[:whole])
}

// cut returns how many octets at the end of b begin a character that more
// octets could complete.
func cut(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}

// Complete reports whether the text may end here: it is valid, and no
// character is cut.
func (u *UTF8) Complete() bool { return u.n == 0 && !u.bad }
