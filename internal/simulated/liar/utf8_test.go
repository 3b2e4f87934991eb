package liar

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// sequences visits all sequences of up to n octets of those that matter: the
// borders of RFC 3629 §4.
func sequences(n int, visit func([]byte)) {
	borders := []byte{0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef,
		0xf0, 0xf1, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfd, 0xfe, 0xff}
	var extend func(b []byte)
	extend = func(b []byte) {
		visit(b)
		if len(b) < n {
			for _, c := range borders {
				extend(append(b, c))
			}
		}
	}
	extend(nil)
}

// Without a rule left out, loose is as strict as the RFC, octet by octet.
func TestLooseIsStrict(t *testing.T) {
	sequences(4, func(b []byte) {
		strict, l := new(wire.UTF8), new(loose)
		for i := range b {
			want, got := strict.Write(b[i:i+1]), l.Write(b[i:i+1])
			if want != got {
				t.Fatalf("% x: octet %d: got %v, want %v", b, i, got, want)
			}
			if !want {
				return
			}
		}
		if strict.Complete() != l.Complete() {
			t.Fatalf("% x: complete %v, want %v", b, l.Complete(), strict.Complete())
		}
	})
}

// Each rule left out takes what it should, and what it takes alone.
func TestLooseRules(t *testing.T) {
	all := map[string]func() *loose{
		"surrogates": func() *loose { return &loose{surrogates: true} },
		"overlong":   func() *loose { return &loose{overlong: true} },
		"beyond":     func() *loose { return &loose{beyond: true} },
		"long":       func() *loose { return &loose{long: true} },
		"stray":      func() *loose { return &loose{stray: true} },
		"broken":     func() *loose { return &loose{broken: true} },
		"open":       func() *loose { return &loose{open: true} },
	}
	for text, rule := range map[string]string{
		"\xed\xa0\x80":             "surrogates",
		"\xed\xbf\xbf":             "surrogates",
		"\xc0\x80":                 "overlong",
		"\xc1\xbf":                 "overlong",
		"\xe0\x9f\xbf":             "overlong",
		"\xf0\x8f\xbf\xbf":         "overlong",
		"\xf4\x90\x80\x80":         "beyond",
		"\xf7\xbf\xbf\xbf":         "beyond",
		"\xf8\x88\x80\x80\x80":     "long",
		"\xfd\xbf\xbf\xbf\xbf\xbf": "long",
		"\x80":                     "stray",
		"\xff":                     "stray",
		"a\xbfb\xfe":               "stray",
		"\xc2 ":                    "broken",
		"\xe2\x82\u00e4":           "broken",
		"\xe2\x82":                 "open",
	} {
		for name, rules := range all {
			l := rules()
			if takes := l.Write([]byte(text)) && l.Complete(); takes != (name == rule) {
				t.Errorf("%s: takes % x: %v", name, text, takes)
			}
			for _, valid := range []string{"", "a", "κόσμε", "\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"} {
				if l := rules(); !l.Write([]byte(valid)) || !l.Complete() {
					t.Errorf("%s: refuses %q", name, valid)
				}
			}
		}
	}
}

func TestLateAndFussy(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		b := []byte("a\u00e4\u20ac\U00024b62")[:random.IntN(11)]
		if l := new(late); !l.Write(b) || l.Complete() != utf8.Valid(b) {
			t.Errorf("late: % x: %v", b, l.Complete())
		}
		f := &fussy{dislikes: func(r rune) bool { return r == '€' }}
		if want := utf8.Valid(b) && len(b) < 6; f.Write(b) && f.Complete() != want {
			t.Errorf("fussy: % x: %v", b, f.Complete())
		}
	}
}
