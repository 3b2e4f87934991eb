package echo

import (
	"testing"
	"unicode/utf8"
)

// octetsThatMatter begin, continue and end the ranges of RFC 3629 §4.
var octetsThatMatter = []byte{
	0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
	0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
}

// A prefix is good exactly if something valid begins with it, and what a bad
// one begins is bad.
func TestWholeRunes(t *testing.T) {
	var try func(p []byte)
	try = func(p []byte) {
		want := beginsText(p)
		n, ok := wholeRunes(p)
		if ok != want {
			t.Errorf("% x: good %v, want %v", p, ok, want)
		}
		if ok && (!utf8.Valid(p[:n]) || n < len(p) && utf8.Valid(p)) {
			t.Errorf("% x: %d octets are whole characters", p, n)
		}
		if len(p) == 5 || !want {
			return
		}
		for _, b := range octetsThatMatter {
			try(append(p[:len(p):len(p)], b))
		}
	}
	for _, b := range octetsThatMatter {
		try([]byte{b})
		try([]byte{'a', b})
	}
	try(nil)
}

// beginsText tries what may make p whole.
func beginsText(p []byte) bool {
	if utf8.Valid(p) {
		return true
	}
	for _, a := range []string{"\x80", "\x90", "\xa0"} {
		for _, more := range []string{"", "\x80", "\x80\x80"} {
			if utf8.ValidString(string(p) + a + more) {
				return true
			}
		}
	}
	return false
}

func FuzzWholeRunes(f *testing.F) {
	f.Add([]byte("κόσμε"), []byte("\xed\xa0"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		// Checked in two pieces or at once: it is the same.
		whole := append(a[:len(a):len(a)], b...)
		n, ok := wholeRunes(a)
		if ok {
			var m int
			m, ok = wholeRunes(whole[n:])
			n += m
		}
		if valid := ok && n == len(whole); valid != utf8.Valid(whole) {
			t.Errorf("% x, % x: valid %v, want %v", a, b, valid, !valid)
		}
	})
}
