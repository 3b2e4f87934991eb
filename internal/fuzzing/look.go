package fuzzing

import (
	"context"
	"slices"
	"time"

	"wsprobe/internal/conformance"
)

// Bounds of what one finding may cost.
const (
	tries  = 3               // to reproduce it
	budget = 2 * time.Minute // to reproduce and shrink it, times the time scale
)

// look reproduces a breach that was seen in, or after, an input, and shrinks
// what does it. It returns the finding, and whether that is known already.
// What cannot be reproduced comes home as it was seen. With it come the octets
// that showed it last: the device may have no more to show.
func (r *run) look(ctx context.Context, m met, b Breach) (f *conformance.Finding, again bool) {
	if f := r.alike(m, b); f != nil && !m.away && b.Rule != ruleAway {
		return f, true
	}
	s, seen := r.asSeen(m)
	does := &does{r.try(b), shown{b, seen}}
	gone := r.recover(ctx) == conformance.Gone // or the campaign is over
	looking, cancel := context.WithTimeout(ctx, r.budget())
	defer cancel()
	if !gone {
		s = r.culprit(looking, m, wears(b), does)
	}
	if f := r.alike(s.met, b); f != nil {
		return f, true
	}
	f = r.finding(s, b)
	if !gone {
		does.reproduce(looking, f)
	}
	if f.Times == 0 && s.late || len(does.last.encounters) == 0 {
		return nil, false // it may have been a slow moment, or nothing was sent that could have done it
	}
	if f.Times > 0 {
		does.minimize(looking, f)
	}
	f.Rule, f.Detail = does.last.Rule, does.last.Detail // of the script as it is now
	f.Connections, f.Transcript = does.last.connections(r.device), does.last.transcript()
	f, again = r.name(f)
	r.led[clue(f.Family, b)] = f
	return f, again
}

func (r *run) budget() time.Duration {
	if scale := r.Options.TimeScale; scale > 0 {
		return time.Duration(float64(budget) * max(scale, 0.1))
	}
	return budget
}

// try returns what tells whether a script breaks the same again.
func (r *run) try(b Breach) try {
	if b.Kind == conformance.KindSlow {
		return r.creeps(b)
	}
	exactly := func(seen Breach) bool { return seen.Kind == b.Kind && seen.Rule == b.Rule }
	nearly := func(seen Breach) bool { return seen.Kind == b.Kind && variously(b.Kind) }
	wanted := func(breaches []Breach) bool {
		return slices.ContainsFunc(breaches, exactly) || slices.ContainsFunc(breaches, nearly)
	}
	return func(ctx context.Context, before []conformance.Script, s conformance.Script) (shown, bool) {
		if ctx.Err() != nil {
			return shown{}, false
		}
		breaches, all := r.trial(ctx, before, s, wanted)
		i := slices.IndexFunc(breaches, exactly)
		if i < 0 {
			i = slices.IndexFunc(breaches, nearly)
		}
		if i < 0 || ctx.Err() != nil { // then it may be our own leaving
			return shown{}, false
		}
		return shown{breaches[i], all}, true
	}
}

// variously reports whether what is the same shows in several ways: what leaks is
// seldom the same, and how a fall shows is a matter of who notices it first.
func variously(k conformance.Kind) bool {
	return k == conformance.KindLeak || k == conformance.KindDown
}

// finding makes a finding of a breach, as it was seen.
func (r *run) finding(s suspect, b Breach) *conformance.Finding {
	return &conformance.Finding{
		Kind: b.Kind, Rule: b.Rule, Detail: b.Detail, Device: r.device, Family: s.family,
		Seed: r.Seed, N: s.n, Input: s.script, Script: s.script, Before: s.before, Inputs: 1,
	}
}
