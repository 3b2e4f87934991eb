package liar

import (
	"math/bits"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// loose checks UTF-8 with rules left out. With none left out it finds what
// [wire.UTF8] finds, at the same octet.
type loose struct {
	surrogates bool // U+D800 to U+DFFF are taken
	overlong   bool // more octets than needed are taken, in forms of up to four
	beyond     bool // characters above U+10FFFF are taken, in forms of up to four
	long       bool // forms of five and six octets are taken
	stray      bool // octets that no character begins with are passed over
	broken     bool // a character may end early, before the next one
	open       bool // a character may end early, at the end of the text

	size, left int  // octets of the character, and how many of them are to come
	low        rune // the least that the character can be
}

func (l *loose) Write(b []byte) bool {
	for _, c := range b {
		if !l.octet(c) {
			return false
		}
	}
	return true
}

func (l *loose) Complete() bool { return l.left == 0 || l.open }

func (l *loose) octet(c byte) bool {
	ones := bits.LeadingZeros8(^c)
	switch continues := ones == 1; {
	case l.left > 0 && continues:
		l.left--
		l.low |= rune(c&0x3f) << (6 * l.left)
		return l.possible()
	case l.left > 0 && !l.broken:
		return false
	case ones == 0:
		l.left = 0
		return true
	case continues || ones > 6:
		l.left = 0
		return l.stray
	}
	l.size, l.left = ones, ones-1
	l.low = rune(c&(0x7f>>ones)) << (6 * l.left)
	return l.possible()
}

// possible says whether what has come of a character can become one.
func (l *loose) possible() bool {
	least := [...]rune{2: 0x80, 3: 0x800, 4: 0x10000, 5: 0, 6: 0}[l.size]
	high := l.low | 1<<(6*l.left) - 1
	switch {
	case l.size > utf8.UTFMax:
		return l.long
	case high < least && !l.overlong, l.low > utf8.MaxRune && !l.beyond:
		return false
	}
	return l.surrogates || l.low < 0xd800 || high > 0xdfff
}

// late checks UTF-8 only when the text has ended.
type late struct{ octets []byte }

func (l *late) Write(b []byte) bool { l.octets = append(l.octets, b...); return true }
func (l *late) Complete() bool      { return utf8.Valid(l.octets) }

// fussy checks UTF-8 as it should be, and refuses characters that it dislikes
// when the text has ended.
type fussy struct {
	wire.UTF8
	late
	dislikes func(rune) bool
}

func (f *fussy) Write(b []byte) bool { return f.late.Write(b) && f.UTF8.Write(b) }

func (f *fussy) Complete() bool {
	for _, r := range string(f.octets) {
		if f.dislikes(r) {
			return false
		}
	}
	return f.UTF8.Complete()
}
