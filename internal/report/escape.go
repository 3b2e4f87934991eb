package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Printable returns s with everything that does not print spelled as Go spells
// it: control characters, bidirectional controls, octets that are not UTF-8.
// What a device sent can then neither drive a terminal nor reorder a line.
func Printable(s string) string {
	clean := true
	for _, r := range s {
		clean = clean && strconv.IsPrint(r) && r != utf8.RuneError
	}
	if clean {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[n:]
	}
	return b.String()
}

// shorten returns s with its middle left out if it has more than n characters.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	head := n * 2 / 3
	left := len(runes) - n
	return fmt.Sprintf("%s … %d characters … %s", string(runes[:head]), left, string(runes[head+left:]))
}
