package fuzzing

import (
	"context"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
)

// Bounds of what one finding may cost.
const (
	tries  = 3               // to reproduce it
	budget = 2 * time.Minute // to reproduce and shrink it, times the time scale
)

// look reproduces a breach that was seen in, or after, an input, and shrinks
// what does it. It returns the finding, and whether that is known already.
// What cannot be reproduced comes home as it was seen.
func (r *run) look(ctx context.Context, m met, b Breach) (f *conformance.Finding, again bool) {
	if b.Kind == conformance.KindLenient || b.Kind == conformance.KindIllegal || b.Kind == conformance.KindSlow {
		if f := r.known[b.Kind.String()+" "+b.Rule]; f != nil { // whatever does it, it is this
			return f, true
		}
	}
	scale := r.Options.TimeScale
	if scale <= 0 {
		scale = 1
	}
	looking, cancel := context.WithTimeout(ctx, time.Duration(float64(budget)*max(scale, 0.1)))
	defer cancel()
	if r.recover(looking) == conformance.Gone {
		f = r.finding(m, b)
		return r.name(f)
	}
	does := func(ctx context.Context, before []conformance.Script, s conformance.Script) bool {
		return ctx.Err() == nil && slices.ContainsFunc(r.trial(ctx, before, s), func(seen Breach) bool {
			return seen.Kind == b.Kind && seen.Rule == b.Rule
		})
	}
	if b.Kind == conformance.KindSlow {
		does = r.creeps(b)
	}
	f = r.finding(r.culprit(looking, m, does), b)
	for range tries {
		if f.Tries++; does(looking, f.Before, f.Script) {
			f.Times++
		}
	}
	if f.Times > 0 {
		f.Script = Minimize(looking, f.Script, func(ctx context.Context, s conformance.Script) bool { return does(ctx, f.Before, s) })
		r.record(ctx, f)
	}
	if ctx.Err() != nil && f.Times == 0 {
		return nil, false
	}
	return r.name(f)
}

// suspect is an input, and those that must come before it.
type suspect struct {
	met
	before []conformance.Script
}

// culprit finds the input that does it: the one at which it was seen, or one of
// the last before it, or all of them together.
func (r *run) culprit(ctx context.Context, m met, does func(context.Context, []conformance.Script, conformance.Script) bool) suspect {
	if !m.away && does(ctx, nil, m.script) {
		return suspect{met: m}
	}
	for _, earlier := range slices.Backward(r.recent) {
		if does(ctx, nil, earlier.script) {
			return suspect{met: earlier}
		}
	}
	var scripts []conformance.Script
	for _, earlier := range r.recent {
		scripts = append(scripts, earlier.script)
	}
	if len(scripts) == 0 || !does(ctx, scripts, m.script) {
		return suspect{met: m}
	}
	before := shrink(scripts, func(before []conformance.Script) bool { return does(ctx, before, m.script) })
	return suspect{m, slices.Clone(before)}
}

// finding makes a finding of a breach, as it was seen.
func (r *run) finding(s suspect, b Breach) *conformance.Finding {
	return &conformance.Finding{
		Kind: b.Kind, Rule: b.Rule, Detail: b.Detail, Device: r.device, Family: s.family,
		Seed: r.Seed, N: s.n, Input: s.script, Script: s.script, Before: s.before, Inputs: 1,
	}
}

// record plays the smallest script once more, and keeps what goes over the wire.
func (r *run) record(ctx context.Context, f *conformance.Finding) {
	for _, s := range f.Before {
		r.meet(ctx, "before", s)
	}
	o := r.Options
	o.Name, o.Transcript = "trial", true
	e := runner.Meet(ctx, r.Peer, f.Script, o)
	f.Writes, f.Transcript = e.Writes, e.Transcript
	r.recover(ctx)
}

// name keeps a finding under what it is, and tells whether there is one such.
func (r *run) name(f *conformance.Finding) (*conformance.Finding, bool) {
	k := key(*f)
	if known := r.known[k]; known != nil {
		return known, true
	}
	r.known[k] = f
	return f, false
}

// key tells findings apart: by what broke, and, where many things may lead to
// that, by the shape of the smallest script that does.
func key(f conformance.Finding) string {
	k := f.Kind.String() + " " + f.Rule
	switch f.Kind {
	case conformance.KindLenient, conformance.KindIllegal, conformance.KindSlow:
		return k
	}
	return k + " " + shape(f.Script)
}

// shape is a script without its payloads and numbers.
func shape(s conformance.Script) string {
	lines := strings.Split(s.String(), "\n")
	return varying.ReplaceAllString(strings.Join(lines, ";"), "…")
}
