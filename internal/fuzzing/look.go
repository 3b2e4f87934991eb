package fuzzing

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
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
// What cannot be reproduced comes home as it was seen.
func (r *run) look(ctx context.Context, m met, b Breach) (f *conformance.Finding, again bool) {
	if f := r.alike(m, b); f != nil && !m.away && b.Rule != ruleAway {
		return f, true
	}
	looking, cancel := context.WithTimeout(ctx, r.budget())
	defer cancel()
	if r.recover(looking) == conformance.Gone {
		return r.name(r.finding(suspect{met: m}, b))
	}
	does := r.does(b)
	s := r.culprit(looking, m, does)
	if f := r.alike(s.met, b); f != nil {
		return f, true
	}
	f = r.finding(s, b)
	for range tries {
		if f.Tries++; does(looking, f.Before, f.Script) {
			f.Times++
		}
	}
	if f.Times == 0 && (ctx.Err() != nil || s.late) {
		return nil, false // it may have been our own leaving, or a slow moment
	}
	if f.Times > 0 {
		f.Script = Minimize(looking, f.Script, func(ctx context.Context, s conformance.Script) bool { return does(ctx, f.Before, s) })
		r.record(ctx, f)
	}
	return r.name(f)
}

func (r *run) budget() time.Duration {
	if scale := r.Options.TimeScale; scale > 0 {
		return time.Duration(float64(budget) * max(scale, 0.1))
	}
	return budget
}

// does returns what tells whether a script breaks the same again.
func (r *run) does(b Breach) does {
	if b.Kind == conformance.KindSlow {
		return r.creeps(b)
	}
	return func(ctx context.Context, before []conformance.Script, s conformance.Script) bool {
		return ctx.Err() == nil && slices.ContainsFunc(r.trial(ctx, before, s), func(seen Breach) bool {
			return seen.Kind == b.Kind && (seen.Rule == b.Rule || variously(b.Kind))
		})
	}
}

// variously reports whether what is the same shows in several ways: what leaks is
// seldom the same, and how a fall shows is a matter of who notices it first.
func variously(k conformance.Kind) bool {
	return k == conformance.KindLeak || k == conformance.KindDown
}

// alike returns a known finding that is as good as the same: so broken whatever
// it is that does it, or by an input of the same family.
func (r *run) alike(m met, b Breach) *conformance.Finding {
	for _, f := range r.known {
		if f.Kind == b.Kind && f.Rule == b.Rule && (anyhow(f.Kind) || f.Family == m.family) {
			return f
		}
	}
	return nil
}

// anyhow reports whether findings of a kind are told apart by what broke alone.
func anyhow(k conformance.Kind) bool {
	return k == conformance.KindLenient || k == conformance.KindIllegal || k == conformance.KindSlow
}

// suspect is an input, and those that must come before it.
type suspect struct {
	met
	before []conformance.Script
}

// culprit finds the input that does it: the one at which it was seen, or one of
// the last before it, or all of them together.
func (r *run) culprit(ctx context.Context, m met, does does) suspect {
	alone := func(s conformance.Script) bool { // twice, for the first time others may have done their part
		once := does(ctx, nil, s)
		return once && does(ctx, nil, s)
	}
	suspects := append(slices.Clone(r.recent), m)
	slices.Reverse(suspects)
	for i, s := range suspects {
		if innocent := i == 0 && (m.away || m.late); !innocent && alone(s.script) {
			return suspect{met: s}
		}
	}
	for _, often := range suspects { // what takes a little each time
		if before := slices.Repeat([]conformance.Script{often.script}, plays-1); does(ctx, before, often.script) {
			return r.shortest(ctx, often, before, does)
		}
	}
	var scripts []conformance.Script
	for _, earlier := range r.recent {
		scripts = append(scripts, earlier.script)
	}
	if len(scripts) == 0 || !does(ctx, scripts, m.script) {
		return suspect{met: m}
	}
	return r.shortest(ctx, m, scripts, does)
}

// shortest leaves out what need not come before an input.
func (r *run) shortest(ctx context.Context, m met, before []conformance.Script, does does) suspect {
	before = shrink(before, func(before []conformance.Script) bool {
		return does(ctx, append([]conformance.Script{}, before...), m.script)
	})
	return suspect{m, append([]conformance.Script{}, before...)}
}

// finding makes a finding of a breach, as it was seen.
func (r *run) finding(s suspect, b Breach) *conformance.Finding {
	return &conformance.Finding{
		Kind: b.Kind, Rule: b.Rule, Detail: b.Detail, Device: r.device, Family: s.family,
		Seed: r.Seed, N: s.n, Input: s.script, Script: s.script, Before: s.before, Inputs: 1,
	}
}

// record plays what does it once more, and keeps what goes over the wire.
func (r *run) record(ctx context.Context, f *conformance.Finding) {
	f.Connections = nil
	for _, s := range f.Before {
		f.Connections = append(f.Connections, connection(r.meet(ctx, "before", s), r.device))
	}
	e := r.meetTold(ctx, f.Script)
	for _, beside := range e.Beside {
		f.Connections = append(f.Connections, connection(beside, r.device))
	}
	f.Connections = append(f.Connections, connection(e, r.device))
	f.Transcript = e.Transcript
	r.recover(ctx)
}

// connection puts what went over an encounter's connection into order: our half
// of the opening handshake and the device's, as their roles have it, then all
// that we sent, then all that came.
func connection(e runner.Encounter, device wire.Role) (c conformance.Connection) {
	sent := func(octets []byte) { c = append(c, conformance.Segment{Sent: true, Octets: octets}) }
	came := func(octets []byte) { c = append(c, conformance.Segment{Octets: octets}) }
	if device == wire.Client && e.Request.Raw != "" {
		came([]byte(e.Request.Raw))
	}
	writes, head := e.Writes, []byte(nil)
	for len(writes) > 0 && !bytes.Contains(head, []byte("\n\r\n")) {
		sent(writes[0])
		head, writes = append(head, writes[0]...), writes[1:]
	}
	if device == wire.Server && e.Response.Raw != "" {
		came([]byte(e.Response.Raw))
	}
	for _, w := range writes {
		sent(w)
	}
	for _, h := range e.Heard {
		octets := h.Payload
		if !h.Cut {
			head := h.Header.Append(nil)
			octets = append(head, h.Payload...)
			if h.Header.Masked {
				wire.Mask(octets[len(head):], h.Header.Key, 0)
			}
		}
		came(octets)
	}
	return c
}

// name keeps a finding under what it is, and tells whether there is one such.
func (r *run) name(f *conformance.Finding) (*conformance.Finding, bool) {
	k := key(*f)
	if known := r.known[k]; known != nil {
		return known, true
	}
	for _, other := range r.known {
		if other.Family == f.Family && other.N == f.N {
			f.Nth = max(f.Nth, other.Nth+1)
		}
	}
	r.known[k] = f
	return f, false
}

// key tells findings apart: by what broke, and, where many things may lead to
// that, by the shape of the smallest script that does.
func key(f conformance.Finding) string {
	k := f.Kind.String() + " " + f.Rule
	if f.Kind == conformance.KindDown {
		k = f.Kind.String()
	}
	if anyhow(f.Kind) {
		return k
	}
	return k + " " + shape(f.Script)
}

// shape is a script without its payloads and numbers.
func shape(s conformance.Script) string {
	lines := strings.Split(s.String(), "\n")
	return varying.ReplaceAllString(strings.Join(lines, ";"), "…")
}
