package conformance_test

import (
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	. "wsprobe/internal/conformance"
)

func quote(s string) string { return strconv.Quote(s) }

const knownText = `# The library hands text to the sketch unchecked.
6.3.*   FAILED
6.4.*	NON-STRICT  # looks at the whole frame # only

7.5.1   FAILED BY CLIENT# no blank
   9.*  WRONG   CODE
10.1.1  OK
`

func readKnown(t *testing.T, text string) Known {
	t.Helper()
	known, err := ReadKnown(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func TestReadKnown(t *testing.T) {
	want := Known{
		{2, "6.3.*", Failed, ""},
		{3, "6.4.*", NonStrict, "looks at the whole frame # only"},
		{5, "7.5.1", FailedByClient, "no blank"},
		{6, "9.*", WrongCode, ""},
		{7, "10.1.1", OK, ""},
	}
	if got := readKnown(t, knownText); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := want[1].String(); got != "6.4.*  NON-STRICT  # looks at the whole frame # only" {
		t.Errorf("prints as %q", got)
	}
	for _, line := range want {
		back := readKnown(t, line.String())
		line.N = 1
		if !reflect.DeepEqual(back, Known{line}) {
			t.Errorf("%v comes back as %v", line, back)
		}
	}
}

func TestReadKnownErrors(t *testing.T) {
	for text, want := range map[string]string{
		"6.3.*":                                `line 1: want a pattern and a verdict such as NON-STRICT, got "6.3.*"`,
		"\n# x\n6.3.* failed # why":            `line 3: want a pattern and a verdict such as NON-STRICT, got "6.3.* failed"`,
		"6.3.* FAILED 6.4.*":                   `line 1: want a pattern and a verdict such as NON-STRICT, got "6.3.* FAILED 6.4.*"`,
		"6.3.* SKIPPED":                        `line 1: want a pattern and a verdict such as NON-STRICT, got "6.3.* SKIPPED"`,
		"6.3.* INCONCLUSIVE":                   `line 1: want a pattern and a verdict such as NON-STRICT, got "6.3.* INCONCLUSIVE"`,
		"1.* OK\n" + strings.Repeat("x", 5000): "line 2: longer than 4096 octets",
		strings.Repeat("1.* OK\n", 10001):      "line 10001: more than 10000 lines",
		strings.Repeat("x", 4000):              `line 1: want a pattern and a verdict such as NON-STRICT, got "` + strings.Repeat("x", 60) + `"…`,
	} {
		known, err := ReadKnown(strings.NewReader(text))
		if err == nil || err.Error() != want || known != nil {
			t.Errorf("%.40q: %d lines, error %v, want %s", text, len(known), err, want)
		}
	}
}

// A list that breaks off is none.
func TestReadKnownBroken(t *testing.T) {
	r := io.MultiReader(strings.NewReader("6.3.* FAILED\n"), iotest.ErrReader(errors.New("broken")))
	if known, err := ReadKnown(r); known != nil || err == nil || err.Error() != "line 2: broken" {
		t.Errorf("%v, error %v", known, err)
	}
}

// result is what playing a case came to, in both columns.
func result(id ID, behavior, behaviorClose Verdict) Result {
	return Result{Case: Case{ID: id}, Behavior: behavior, BehaviorClose: behaviorClose}
}

func TestKnownAllows(t *testing.T) {
	known := readKnown(t, "6.3.* FAILED\n6.4.* NON-STRICT\n7.* UNCLEAN\n7.5.1 FAILED")
	for _, c := range []struct {
		result Result
		want   bool
	}{
		{result("6.3.1", Failed, Failed), true},
		{result("6.3.1", OK, Failed), true},
		{result("6.3.1", OK, OK), true},
		{result("6.4.1", NonStrict, OK), true},
		{result("6.4.1", NonStrict, WrongCode), false},
		{result("6.4.1", Failed, OK), false},
		{result("7.1.1", OK, Unclean), true},
		{result("7.1.1", Failed, Unclean), false},
		{result("7.5.1", Failed, WrongCode), true},
		{result("1.1.1", OK, OK), false},
		{result("1.1.1", Failed, OK), false},
		{result("6.3.1", Skipped, Skipped), false},
	} {
		if got := known.Allows(c.result); got != c.want {
			t.Errorf("%s %v/%v is allowed: %v", c.result.Case.ID, c.result.Behavior, c.result.BehaviorClose, got)
		}
	}
}

func TestKnownStale(t *testing.T) {
	const line = "6.4.* NON-STRICT"
	for _, c := range []struct {
		name    string
		results []Result
		stale   bool
	}{
		{"nothing played", nil, false},
		{"others played", []Result{result("6.3.1", OK, OK)}, false},
		{"as bad", []Result{result("6.4.1", NonStrict, OK)}, false},
		{"as bad in one case", []Result{result("6.4.1", OK, OK), result("6.4.2", NonStrict, OK), result("6.4.3", OK, OK)}, false},
		{"worse", []Result{result("6.4.1", Failed, OK)}, false},
		{"bad in the other column", []Result{result("6.4.1", OK, WrongCode)}, false},
		{"better", []Result{result("6.4.1", OK, OK)}, true},
		{"better, though not OK", []Result{result("6.4.1", Informational, OK)}, true},
		{"skipped", []Result{result("6.4.1", Skipped, Skipped)}, false},
		{"inconclusive", []Result{result("6.4.1", Inconclusive, Inconclusive)}, false},
		{"one skipped, one better", []Result{result("6.4.1", Skipped, Skipped), result("6.4.2", OK, OK)}, true},
	} {
		known := readKnown(t, line)
		if got := known.Stale(c.results); (len(got) == 1 && got[0] == known[0]) != c.stale || len(got) > 1 {
			t.Errorf("%s: stale lines %v", c.name, got)
		}
	}
}

func TestKnownUnmatched(t *testing.T) {
	known := readKnown(t, "6.3.* FAILED\n8.* FAILED\n10.1.1 OK\n10.1 OK")
	if got, want := known.Unmatched(Catalogue()), []KnownLine{known[1], known[3]}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
