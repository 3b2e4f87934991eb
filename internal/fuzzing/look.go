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

// does tells whether a script, after others on connections of their own, breaks
// what a breach was.
type does func(ctx context.Context, before []conformance.Script, s conformance.Script) bool

// look reproduces a breach that was seen in, or after, an input, and shrinks
// what does it. It returns the finding, and whether that is known already.
// What cannot be reproduced comes home as it was seen. With it come the octets
// that showed it last: the device may have no more to show.
func (r *run) look(ctx context.Context, m met, b Breach) (f *conformance.Finding, again bool) {
	if f := r.alike(m, b); f != nil && !m.away && b.Rule != ruleAway {
		return f, true
	}
	s, last := r.asSeen(m)
	does := r.does(b, &last)
	gone := r.recover(ctx) == conformance.Gone // or the campaign is over
	looking, cancel := context.WithTimeout(ctx, r.budget())
	defer cancel()
	if !gone {
		var found bool
		if s, found = r.culprit(looking, m, does); !found {
			s, last = r.asSeen(m)
		}
	}
	if f := r.alike(s.met, b); f != nil {
		return f, true
	}
	f = r.finding(s, b)
	if !gone {
		r.reproduce(looking, f, does)
	}
	if f.Times == 0 && s.late || len(last) == 0 {
		return nil, false // it may have been a slow moment, or nothing was sent that could have done it
	}
	if f.Times > 0 {
		f.Script = Minimize(looking, f.Script, func(ctx context.Context, s conformance.Script) bool { return does(ctx, f.Before, s) })
	}
	f.Connections, f.Transcript = last.connections(r.device), last[len(last)-1].Transcript
	return r.name(f)
}

// reproduce tries whether a finding does it again. A try that was cut short by
// the end of the context does not count.
func (r *run) reproduce(ctx context.Context, f *conformance.Finding, does does) {
	for range tries {
		again := does(ctx, f.Before, f.Script)
		if ctx.Err() != nil {
			return
		}
		if f.Tries++; again {
			f.Times++
		}
	}
}

func (r *run) budget() time.Duration {
	if scale := r.Options.TimeScale; scale > 0 {
		return time.Duration(float64(budget) * max(scale, 0.1))
	}
	return budget
}

// does returns what tells whether a script breaks the same again. What went over
// the wire when one did is put where last is.
func (r *run) does(b Breach, last *shown) does {
	if b.Kind == conformance.KindSlow {
		return r.creeps(b, last)
	}
	again := func(breaches []Breach) bool {
		return slices.ContainsFunc(breaches, func(seen Breach) bool {
			return seen.Kind == b.Kind && (seen.Rule == b.Rule || variously(b.Kind))
		})
	}
	return func(ctx context.Context, before []conformance.Script, s conformance.Script) bool {
		if ctx.Err() != nil {
			return false
		}
		breaches, all := r.trial(ctx, before, s, again)
		if !again(breaches) || ctx.Err() != nil { // then it may be our own leaving
			return false
		}
		*last = all
		return true
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
