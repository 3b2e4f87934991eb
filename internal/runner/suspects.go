package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wsprobe/internal/conformance"
)

// suspect finds out at which of the rounds that were played at once the device
// went, and marks it: each is tried again alone. What a device that was away made
// of the others does not count. It returns the rounds with their results.
func (r *run) suspect(ctx context.Context, rounds []*round) []*round {
	slices.SortFunc(rounds, func(a, b *round) int { return a.i - b.i })
	if ctx.Err() != nil || isGone(rounds) {
		for _, t := range rounds {
			r.mark(t)
		}
		return rounds
	}
	if len(rounds) == 1 && rounds[0].felled() {
		r.mark(rounds[0])
		return rounds
	}
	first, found := *firstTrouble(rounds), false
	for _, t := range rounds {
		if ctx.Err() != nil || isGone(rounds) {
			break
		}
		if found && !t.trouble() && t.became == parted && t.result.Worse() <= conformance.NonStrict {
			continue
		}
		away := t.result.Health
		r.beside(ctx) // it may have been lost meanwhile, and is opened anew
		r.play(ctx, t, true)
		if t.trouble() {
			found = true
			r.mark(t)
		} else if len(rounds) == 1 {
			r.earlier(t, away)
		}
	}
	if !found && (first.felled() || first.became == unreached && len(rounds) > 1) {
		r.blame(rounds, first)
	}
	return rounds
}

// mark makes a case FAILED at which the device went. One that never reached the
// device is not judged.
func (r *run) mark(t *round) {
	switch {
	case !t.trouble():
	case t.became == unreached:
		t.result.Behavior, t.result.BehaviorClose = conformance.Inconclusive, conformance.Inconclusive
	default:
		fail(&t.result, t.what())
	}
}

// earlier marks a case before which the device went: for reasons of an earlier
// one, which was over by then, but a reboot must not pass unnoticed.
func (r *run) earlier(t *round, health conformance.Health) {
	t.result.Health = health
	if health != conformance.Rebooted {
		return
	}
	after := ""
	if t.before >= 0 {
		after = fmt.Sprintf(", after case %s,", r.cases[t.before].ID)
	}
	fail(&t.result, fmt.Sprintf("before the case%s the device was %s", after, health))
}

// felled reports whether the device went at a round, and that had reached it.
func (t *round) felled() bool {
	return t.became != unreached && (t.result.Health == conformance.Rebooted || t.result.Health == conformance.Gone)
}

// what says what the device did at a round.
func (t *round) what() string {
	if t.felled() {
		return fmt.Sprintf("after the case the device was %s", t.result.Health)
	}
	return t.harm
}

// blame marks the case at which it was noticed that the device went, as none of
// those that were played at once does that alone.
func (r *run) blame(rounds []*round, first round) {
	var ids []string
	for _, t := range rounds {
		ids = append(ids, string(t.result.Case.ID))
	}
	for _, t := range rounds {
		if t.i == first.i {
			t.result.Health = first.result.Health
			fail(&t.result, fmt.Sprintf("the device was %s while cases %s were played at once; none does that alone",
				first.result.Health, strings.Join(ids, ", ")))
		}
	}
}

// fail makes a result FAILED for a reason that comes before all others.
func fail(r *conformance.Result, reason string) {
	if r.Reason != "" {
		reason += "; " + r.Reason
	}
	r.Behavior, r.Reason = conformance.Failed, reason
}

// lost tells whether the device is gone after rounds, and hands on why what is
// left cannot be played.
func (r *run) lost(ctx context.Context, rounds []*round) bool {
	for _, t := range rounds {
		if t.result.Health == conformance.Gone {
			r.tell(ctx, played{lost: fmt.Sprintf("not played: the device was gone after case %s", t.result.Case.ID)})
			return true
		}
	}
	return false
}

func isGone(rounds []*round) bool {
	return slices.ContainsFunc(rounds, func(t *round) bool { return t.result.Health == conformance.Gone })
}

// firstTrouble returns the first round at which the device went, and if there is
// none the first with any trouble.
func firstTrouble(rounds []*round) *round {
	if i := slices.IndexFunc(rounds, (*round).felled); i >= 0 {
		return rounds[i]
	}
	return rounds[slices.IndexFunc(rounds, (*round).trouble)]
}
