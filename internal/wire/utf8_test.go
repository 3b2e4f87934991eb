package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	. "wsprobe/internal/wire"
)

// edges are octets at the borders of what RFC 3629 §4 allows anywhere in a
// character, and of what it never allows.
const edges = "\x00\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xf8\xfc\xff"

// begun holds every string that is the beginning of a character and no
// character.
func begun() map[string]bool {
	begun := map[string]bool{}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) {
			for s, n := string(r), 1; n < len(s); n++ {
				begun[s[:n]] = true
			}
		}
	}
	return begun
}

// firstBad returns the index of the first octet that no continuation can make
// good, len(text) if there is none, and whether text may end where it does.
func firstBad(text string, begun map[string]bool) (index int, complete bool) {
	character := ""
	for i := range len(text) {
		character += text[i : i+1]
		switch {
		case utf8.ValidString(character):
			character = ""
		case !begun[character]:
			return i, false
		}
	}
	return len(text), character == ""
}

// checkOctetwise writes text octet by octet and compares with firstBad.
func checkOctetwise(t *testing.T, text string, begun map[string]bool) {
	t.Helper()
	var u UTF8
	bad, complete := firstBad(text, begun)
	for i := range len(text) {
		if ok := u.Write([]byte(text[i : i+1])); ok != (i < bad) {
			t.Fatalf("octet %d of %x: %v, though octet %d is the first bad one", i, text, ok, bad)
		}
	}
	if u.Complete() != complete {
		t.Fatalf("%x is complete: %v, want %v", text, u.Complete(), complete)
	}
}

// Every string of up to four octets at the borders.
func TestUTF8NoticesAtOnce(t *testing.T) {
	begun := begun()
	for a := range len(edges) {
		checkOctetwise(t, edges[a:a+1], begun)
		for b := range len(edges) {
			for c := range len(edges) {
				for d := range len(edges) {
					checkOctetwise(t, string([]byte{edges[a], edges[b], edges[c], edges[d]}), begun)
				}
			}
		}
	}
	for _, text := range texts {
		checkOctetwise(t, text, begun)
	}
}

// texts are the sequences of Markus Kuhn's stress test that differ in kind, and
// some of the Autobahn testsuite's.
var texts = []string{
	"", "hello", "Hello-µ@ßöäüàá-UTF-8!!", "κ\u1f79σμε", "hello𤭢world", "\U0010ffff", "\ufeff", "\ufffe", "\uffff",
	"\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\U00010000", strings.Repeat("\u20ac", 100), strings.Repeat("x", 100) + "\U0001f600",
	"κ\u1f79σμε\xed\xa0\x80edited", "κ\u1f79σμε\xf4\x90\x80\x80edited",
	"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\x80", "\xbf", "\x80\xbf\x80\xbf\x80\xbf\x80",
	"\xc0 \xc1 \xc2 ", "\xe0 \xe1 ", "\xf0 \xf1 ", "\xc0", "\xe0\x80", "\xf0\x80\x80", "\xdf", "\xef\xbf", "\xf4\x8f\xbf",
	"\xfe", "\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
	"\xc0\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\x80\xed\xb0\x80", "abc\xe2\x82", "abc\xe2\x82\xac\xe2", "\xf0\x9f\x98\x80\x80",
}

// Wherever a text is cut in two or in three, the pieces are judged as the whole.
func TestUTF8InPieces(t *testing.T) {
	for _, text := range texts {
		for i := range len(text) + 1 {
			for j := i; j <= len(text); j++ {
				var u UTF8
				ok := true
				for _, piece := range []string{text[:i], text[i:j], text[j:]} {
					ok = u.Write([]byte(piece))
				}
				if got, want := ok && u.Complete(), utf8.ValidString(text); got != want {
					t.Fatalf("%x, %x, %x: %v, want %v", text[:i], text[i:j], text[j:], got, want)
				}
			}
		}
	}
}

// Once bad is always bad, whatever follows.
func TestUTF8StaysBad(t *testing.T) {
	for _, bad := range []string{"\x80", "\xf4\x90", "\xf4\x8f\xbf\x7f", "\xe2\x82a"} {
		var u UTF8
		for i := range len(bad) {
			u.Write([]byte(bad[i : i+1]))
		}
		for _, more := range []string{"", "a", "\xbf", "\xf4", "\x8f\xbf\xbf", "good"} {
			if u.Write([]byte(more)) || u.Complete() {
				t.Errorf("good again after %x and %x", bad, more)
			}
		}
	}
}

func BenchmarkUTF8(b *testing.B) {
	for name, text := range map[string]string{
		"ascii":  strings.Repeat("BAsd7&jh23", 410)[:4096],
		"greek":  strings.Repeat("κόσμε", 410)[:4096],
		"cut up": strings.Repeat("€", 1366)[:4096],
	} {
		for _, size := range []int{1, 64, 4096} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					var u UTF8
					for rest := []byte(text); len(rest) > 0; rest = rest[size:] {
						if !u.Write(rest[:size]) {
							b.Fatal("bad")
						}
					}
				}
			})
		}
	}
}
