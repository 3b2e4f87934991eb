package conformance

import (
	"strings"
	"testing"
)

func TestKindsRead(t *testing.T) {
	for k := KindLenient; k <= KindDown; k++ {
		if got, err := ParseKind(k.String()); err != nil || got != k {
			t.Errorf("%v reads as %v, %v", k, got, err)
		}
	}
	for _, s := range []string{"", "WORSE", "down"} {
		if _, err := ParseKind(s); err == nil || !strings.Contains(err.Error(), "LENIENT, SLOW, ILLEGAL, DESYNC, SMUGGLE, LEAK, HANG, DOWN") {
			t.Errorf("%q: error %v", s, err)
		}
	}
}

// Findings of one input have names of their own.
func TestFindingsHaveNames(t *testing.T) {
	f := Finding{Kind: KindDown, Family: FamilyRequest, N: 12}
	if f.ID() != "FUZZ.HS-SERVER.12" || f.Name() != "down-hs-server-12" {
		t.Errorf("%s, %s", f.ID(), f.Name())
	}
	f.Nth = 2
	if f.ID() != "FUZZ.HS-SERVER.12.2" || f.Name() != "down-hs-server-12-2" {
		t.Errorf("%s, %s", f.ID(), f.Name())
	}
}

// A finding's pattern is what stands out in its script, or what its family is of.
func TestPatterns(t *testing.T) {
	for script, want := range map[string]string{
		"send text length=18446744073709551615\ndrop":   "top bit",
		"send text length=9223372036854775808\ndrop":    "top bit",
		"send text length=9223372036854775807\ndrop":    "overflows 32 bits",
		"send text length=2147483647\ndrop":             "overflows 32 bits",
		"send text length=70000\ndrop":                  "above what came",
		"send text length=1 \"abc\"\ndrop":              "below what came",
		"send ping \"a\"*126\nclose 1000":               "too long or fragmented",
		"send ping fin=0\nclose 1000":                   "too long or fragmented",
		"send continuation \"a\"\nclose 1000":           "fragments",
		"send text fin=0\nclose 1000":                   "fragments",
		"send close 1005\nclose 1000":                   "Close frame that no endpoint may send",
		"request -Host\nclose 1000":                     "opening handshake that is not ordinary",
		"beside 2 {\ndrop\n}\nsend ping\nclose 1000":    "one connection holds up another",
		"send text \"a\"\nclose 1000":                   "UTF-8",
		"send ping \"a\", text fin=0 \"b\"\nclose 1000": "fragments",
	} {
		s, err := ParseScript(script)
		if err != nil {
			t.Errorf("%s: %v", script, err)
			continue
		}
		if got := (Finding{Family: FamilyText, Script: s}).Pattern(); !strings.Contains(got, want) {
			t.Errorf("%s\nresembles %q, want %q", script, got, want)
		}
	}
	for _, f := range Families() {
		if FamilyTitle(f) == "" {
			t.Errorf("family %s is about nothing", f)
		}
	}
}
