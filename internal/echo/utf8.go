package echo

import "unicode/utf8"

// wholeRunes tells how many octets of p are whole characters, and whether all
// is well so far: the at most three octets left over may begin a character, and
// no octet in p is one that UTF-8 cannot have there (RFC 3629 §4).
func wholeRunes(p []byte) (n int, ok bool) {
	n = len(p)
	for i := n - 1; i >= 0 && i >= n-3; i-- {
		if utf8.RuneStart(p[i]) {
			// FullRune knows bad octets early: F4 90 is full, being no
			// prefix of anything.
			if !utf8.FullRune(p[i:]) {
				n = i
			}
			break
		}
	}
	return n, utf8.Valid(p[:n])
}
