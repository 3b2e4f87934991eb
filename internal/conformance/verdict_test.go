package conformance_test

import (
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
)

// The words are Autobahn's, and go from good to bad.
func TestVerdicts(t *testing.T) {
	names := []string{"OK", "INFORMATIONAL", "UNIMPLEMENTED", "NON-STRICT", "FAILED BY CLIENT", "WRONG CODE", "UNCLEAN", "FAILED",
		"SKIPPED", "INCONCLUSIVE"}
	all := Verdicts()
	if len(all) != len(names) {
		t.Fatalf("%d verdicts, want %d", len(all), len(names))
	}
	for i, v := range all {
		if v.String() != names[i] {
			t.Errorf("%v, want %s", v, names[i])
		}
		if i > 0 && v <= all[i-1] {
			t.Errorf("%v is no worse than %v", v, all[i-1])
		}
		if want := v != Skipped && v != Inconclusive; v.Judged() != want {
			t.Errorf("%v is judged: %v", v, v.Judged())
		}
		text, err := v.MarshalText()
		var back Verdict
		if err == nil {
			err = back.UnmarshalText(text)
		}
		if err != nil || back != v {
			t.Errorf("%v comes back from %q as %v, error %v", v, text, back, err)
		}
	}
	if v := Verdict(0); v.Judged() || v.String() != "" {
		t.Errorf("no verdict is %q, judged: %v", v, v.Judged())
	}
	if got := Verdict(99).String(); got != "verdict99" {
		t.Errorf("a verdict that is none is %q", got)
	}
	for _, s := range []string{"", "ok", "Failed", "FAILED ", "verdict99"} {
		if v, err := ParseVerdict(s); err == nil || err.Error() != "no verdict is called "+quote(s) {
			t.Errorf("%q is %v, error %v", s, v, err)
		}
	}
}

func TestLevels(t *testing.T) {
	for level, want := range map[Level]string{
		LevelMust: "must", LevelDerived: "derived", LevelShould: "should", LevelMay: "may", LevelInfo: "info",
	} {
		text, err := level.MarshalText()
		var back Level
		if err == nil {
			err = back.UnmarshalText(text)
		}
		if string(text) != want || err != nil || back != level {
			t.Errorf("%q, want %q; it comes back as %v, error %v", text, want, back, err)
		}
	}
	if got := Level(9).String(); got != "level9" {
		t.Errorf("a level that is none is %q", got)
	}
	long := strings.Repeat("x", 100)
	if _, err := ParseVerdict(long); err == nil || err.Error() != `no verdict is called "`+long[:60]+`"…` {
		t.Errorf("error %v", err)
	}
	if err := new(Level).UnmarshalText([]byte(long)); err == nil || err.Error() != `no level is called "`+long[:60]+`"…` {
		t.Errorf("error %v", err)
	}
	if err := new(Level).UnmarshalText([]byte("MUST")); err == nil || err.Error() != `no level is called "MUST"` {
		t.Errorf("error %v", err)
	}
}
