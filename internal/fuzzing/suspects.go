package fuzzing

import (
	"context"
	"slices"

	"wsprobe/internal/conformance"
)

// window is how many inputs are looked at when one does not do alone what was
// seen after it.
const window = 32

// remember keeps an input as one of the last; and what went over the wire only of
// those since the device was last looked after, for that may be much.
func (r *run) remember(m met) {
	r.unsure = !m.probed
	if m.probed {
		for i := range r.recent {
			r.recent[i].seen = nil
		}
	}
	if r.recent = append(r.recent, m); len(r.recent) > window {
		r.outlive(r.recent[0].n)
		r.recent = r.recent[1:]
	}
}

// suspect is an input, and those that must come before it.
type suspect struct {
	met
	before []conformance.Script
}

// together suspects the last of some inputs, the others before it.
func together(inputs []met) suspect {
	end := len(inputs) - 1
	before := make([]conformance.Script, end) // not nil: the device is to start anew
	for i, m := range inputs[:end] {
		before[i] = m.script
	}
	return suspect{inputs[end], before}
}

// asSeen suspects the input at which something was seen, or, where the device was
// away for that, the last that were played since it was looked after. With it
// comes what went over the wire: nothing if nothing was played.
func (r *run) asSeen(m met) (suspect, encounters) {
	if !m.away {
		return suspect{met: m}, m.seen
	}
	var since []met
	var all encounters
	for _, earlier := range r.recent {
		if len(earlier.seen) > 0 {
			since, all = append(since, earlier), append(all, earlier.seen...)
		}
	}
	if len(since) == 0 {
		return suspect{met: m}, nil
	}
	return together(since), all
}

// culprit finds the input that does it: the one at which it was seen, or one of
// the last before it, or all of them together, or many more, where the breach is
// one that wears lead to. If none does, it is as it was seen.
func (r *run) culprit(ctx context.Context, m met, wears bool, does *does) suspect {
	suspects := slices.Clone(r.recent)
	if !m.away { // then it was not played
		suspects = append(suspects, m)
	}
	for i, s := range slices.Backward(suspects) {
		if innocent := m.late && i == len(suspects)-1; !innocent && does.twice(ctx, nil, s.script) {
			return suspect{met: s}
		}
	}
	for _, often := range slices.Backward(suspects) { // what takes a little each time
		if does.together(ctx, slices.Repeat([]met{often}, plays)) {
			return does.fewest(ctx, often, plays)
		}
	}
	if len(suspects) > 1 && does.together(ctx, suspects) {
		return does.shortest(ctx, suspects)
	}
	if wears {
		if s, found := r.wornOut(ctx, does); found {
			return s
		}
	}
	s, _ := r.asSeen(m)
	return s
}
