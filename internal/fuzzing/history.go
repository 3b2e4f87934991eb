package fuzzing

import (
	"context"
	"slices"
	"time"

	"wsprobe/internal/conformance"
)

// What a device loses a little of with each input, or each connection, brings it
// down long after: then the last inputs do nothing, and more of them are played, up
// to reach, where there were fewer those again and again.
const reach = 512

// outlive keeps the number of an input that is none of the last any more. Inputs are
// made anew from it.
func (r *run) outlive(n int) {
	if r.older = append(r.older, n); len(r.older) > reach {
		r.older = r.older[1:]
	}
}

// history returns so many of the inputs that were played, the last of them last.
func (r *run) history(most int) (inputs []met) {
	for _, n := range r.older[max(0, len(r.older)-most):] {
		family, script := r.Input(n)
		inputs = append(inputs, met{n: n, family: family, script: script})
	}
	inputs = append(inputs, r.recent...)
	for len(inputs) > 0 && len(inputs) < most {
		inputs = append(inputs, inputs[:min(len(inputs), most-len(inputs))]...)
	}
	return inputs[max(0, len(inputs)-most):]
}

// wornOut finds the inputs that bring a device down in time: one of the last, some
// hundred times, or many of them. It may take half of the time that there is.
func (r *run) wornOut(ctx context.Context, does *does) (s suspect, found bool) {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/2)
		defer cancel()
	}
	for most := 2 * window; most <= reach; most *= 2 {
		inputs := r.history(most)
		if len(inputs) < most || !does.together(ctx, inputs) {
			continue
		}
		for _, often := range slices.Backward(inputs[most-window:]) {
			if does.together(ctx, slices.Repeat([]met{often}, most)) {
				return does.fewest(ctx, often, most), true
			}
		}
		return does.shortest(ctx, inputs), true
	}
	return suspect{}, false
}

// fewest finds how often an input has to come that does it if it comes so often.
func (d *does) fewest(ctx context.Context, often met, most int) suspect {
	least := 1
	for least < most && ctx.Err() == nil {
		half := (least + most) / 2
		if d.together(ctx, slices.Repeat([]met{often}, half)) {
			most = half
		} else {
			least = half + 1
		}
	}
	return together(slices.Repeat([]met{often}, most))
}

// wears reports whether a breach is one that what builds up may lead to.
func wears(b Breach) bool { return b.Kind == conformance.KindDown || b.Kind == conformance.KindHang }
