package conformance_test

import (
	"testing"

	. "wsprobe/internal/conformance"
)

func TestOutcome(t *testing.T) {
	known := readKnown(t, "6.* FAILED\n7.* NON-STRICT")
	for _, c := range []struct {
		result        Result
		plain, strict Outcome
	}{
		{result("1.1", OK, OK), Passed, Passed},
		{result("1.1", Informational, Informational), Passed, Passed},
		{result("1.1", OK, Informational), Passed, Passed},
		{result("1.1", NonStrict, OK), Passed, Fails},
		{result("1.1", Failed, OK), Fails, Fails},
		{result("1.1", OK, Failed), Fails, Fails},
		{result("1.1", OK, FailedByClient), Fails, Fails},
		{result("1.1", OK, WrongCode), Fails, Fails},
		{result("1.1", OK, Unclean), Fails, Fails},
		{result("1.1", Unimplemented, OK), NotPlayed, NotPlayed},
		{result("1.1", Unimplemented, Unclean), Fails, Fails},
		{result("1.1", Skipped, Skipped), NotPlayed, NotPlayed},
		{result("1.1", Inconclusive, Inconclusive), NotJudged, NotJudged},
		{result("6.1", Failed, Unclean), KnownToFail, KnownToFail},
		{result("6.1", NonStrict, OK), Passed, KnownToFail},
		{result("6.1", OK, OK), Passed, Passed},
		{result("6.1", Skipped, Skipped), NotPlayed, NotPlayed},
		{result("6.1", Inconclusive, Inconclusive), NotJudged, NotJudged},
		{result("7.1", NonStrict, OK), Passed, KnownToFail},
		{result("7.1", NonStrict, WrongCode), Fails, Fails},
	} {
		for strict, want := range map[bool]Outcome{false: c.plain, true: c.strict} {
			if got := (Rules{Strict: strict, Known: known}).Outcome(c.result); got != want {
				t.Errorf("%s %v/%v, strict %v: %s, want %s", c.result.Case.ID, c.result.Behavior, c.result.BehaviorClose, strict, got, want)
			}
		}
	}
}
