package wire

import "unicode/utf8"

// UTF8 checks that text which comes in pieces is UTF-8 (RFC 6455 §8.1), and
// notices a bad octet as soon as it is there. The zero value is ready for use.
type UTF8 struct {
	tail [utf8.UTFMax]byte // a character whose last octets are still to come
	n    int
}

// Write takes the next octets of the text. It reports false as soon as no
// continuation could make the text valid; what comes after that is undefined.
func (u *UTF8) Write(b []byte) bool {
	for u.n > 0 && len(b) > 0 { // complete the character that was cut
		u.tail[u.n] = b[0]
		u.n++
		b = b[1:]
		if utf8.FullRune(u.tail[:u.n]) {
			r, size := utf8.DecodeRune(u.tail[:u.n])
			if r == utf8.RuneError && size <= 1 {
				return false
			}
			u.n = 0
		}
	}
	cut := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if last := b[len(b)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				cut = len(b) - i
			}
			break
		}
	}
	if !utf8.Valid(b[:cut]) {
		return false
	}
	u.n = copy(u.tail[:], b[cut:])
	return true
}

// Complete reports whether the text may end here: no character is cut.
func (u *UTF8) Complete() bool { return u.n == 0 }
