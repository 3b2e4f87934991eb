package conformance

import (
	"time"

	"wsprobe/internal/wire"
)

// Health is what became of the device after a case.
type Health string

// The states of a device.
const (
	Alive    Health = "alive"
	Slow     Health = "slow"     // answered, but not at the first attempt
	Rebooted Health = "rebooted" // refused connections, then was back
	Gone     Health = "gone"     // did not come back in time
)

// Result is what playing a case came to.
type Result struct {
	Case          Case
	Behavior      Verdict // what happened to the messages
	BehaviorClose Verdict // how the connection ended
	Reason        string  // why a verdict is not OK, in words: `wanted pong "x", got text "y"`
	// RemoteClose is the status code in the peer's Close frame; nil without one.
	RemoteClose *wire.StatusCode
	Started     time.Time
	Took        time.Duration
	Health      Health
	Transcript  Transcript
	Finding     *Finding // of a fuzzer, which the case is the smallest script of; nil for a case of the catalogue
}

// Worse returns the worse of the two verdicts.
func (r Result) Worse() Verdict { return max(r.Behavior, r.BehaviorClose) }

// OfRow reports whether r is a result of a row's own, decided from all
// connections of a run, and not of a case.
func (r Result) OfRow() bool {
	_, led := RowOf(r.Case.ID)
	return led && len(r.Case.Script) == 0
}

// Outcome is what a result means for the run.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"       // OK, and what a run puts up with: INFORMATIONAL, NON-STRICT
	KnownToFail Outcome = "known"        // fails, and is on the list of known verdicts
	Fails       Outcome = "failed"       // makes the run exit with 1
	NotPlayed   Outcome = "skipped"      // SKIPPED or UNIMPLEMENTED
	NotJudged   Outcome = "inconclusive" // INCONCLUSIVE
)

// Rules say which verdicts a run puts up with.
type Rules struct {
	Strict bool  // NON-STRICT fails too
	Known  Known // verdicts that are allowed all the same
}

// Outcome judges a result: FAILED, UNCLEAN, WRONG CODE and FAILED BY CLIENT in
// either column fail the run unless they are known.
func (rules Rules) Outcome(r Result) Outcome {
	least := FailedByClient
	if rules.Strict {
		least = NonStrict
	}
	switch worse := r.Worse(); {
	case worse == Skipped:
		return NotPlayed
	case worse == Inconclusive:
		return NotJudged
	case worse >= least && rules.Known.Allows(r):
		return KnownToFail
	case worse >= least:
		return Fails
	case r.Behavior == Unimplemented:
		return NotPlayed
	}
	return Passed
}
