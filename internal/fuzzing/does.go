package fuzzing

import (
	"context"
	"slices"

	"wsprobe/internal/conformance"
)

// does tells whether scripts break what a breach was, and keeps what was seen of
// that last.
type does struct {
	try  try
	last shown
}

// try plays a script, after others on connections of their own, and reports
// whether that breaks it, and what is seen of it.
type try func(ctx context.Context, before []conformance.Script, s conformance.Script) (shown, bool)

// shown is what was seen of a breach: what broke, in words, and on the wire.
type shown struct {
	Breach
	encounters
}

// again tells whether a script does it.
func (d *does) again(ctx context.Context, before []conformance.Script, s conformance.Script) bool {
	seen, ok := d.try(ctx, before, s)
	if ok {
		d.last = seen
	}
	return ok
}

// twice tells whether a script does it two times running: of the first what was
// tried before may have done a part, of which the device then knows no more.
func (d *does) twice(ctx context.Context, before []conformance.Script, s conformance.Script) bool {
	earlier := d.last
	if !d.again(ctx, before, s) {
		return false
	}
	if d.again(ctx, before, s) {
		return true
	}
	d.last = earlier
	return false
}

// together tells whether inputs do it one after another, on a device that starts
// anew.
func (d *does) together(ctx context.Context, inputs []met) bool {
	s := together(inputs)
	return d.twice(ctx, s.before, s.script)
}

// shortest leaves out which of some inputs need not come.
func (d *does) shortest(ctx context.Context, inputs []met) suspect {
	return together(shrink(inputs, func(inputs []met) bool { return len(inputs) > 0 && d.together(ctx, inputs) }))
}

// reproduce tries whether a finding does it again. A try that was cut short by
// the end of the context does not count.
func (d *does) reproduce(ctx context.Context, f *conformance.Finding) {
	for range tries {
		again := d.again(ctx, f.Before, f.Script)
		if ctx.Err() != nil {
			return
		}
		f.Tries++
		if again {
			f.Times++
		}
	}
}

// minimize makes the scripts of a finding the smallest that still do it. A device
// that remembers what was tried before may fall over one that does nothing by
// itself: then every one is asked twice.
func (d *does) minimize(ctx context.Context, f *conformance.Finding) {
	before, script, last := f.Before, f.Script, d.last
	shorten(ctx, f, d.again)
	if d.twice(ctx, f.Before, f.Script) || ctx.Err() != nil {
		return
	}
	f.Before, f.Script, d.last = before, script, last
	shorten(ctx, f, d.twice)
}

// shorten makes the script of a finding smaller for as long as it fails, and then
// those that have to come before. What takes the same some times stays the same.
func shorten(ctx context.Context, f *conformance.Finding, fails func(context.Context, []conformance.Script, conformance.Script) bool) {
	if often := len(f.Before); often > 0 && !slices.ContainsFunc(f.Before, func(s conformance.Script) bool { return s.String() != f.Script.String() }) {
		f.Script = Minimize(ctx, f.Script, func(ctx context.Context, s conformance.Script) bool {
			return fails(ctx, slices.Repeat([]conformance.Script{s}, often), s)
		})
		f.Before = slices.Repeat([]conformance.Script{f.Script}, often)
		return
	}
	f.Script = Minimize(ctx, f.Script, func(ctx context.Context, s conformance.Script) bool { return fails(ctx, f.Before, s) })
	before := slices.Clone(f.Before)
	for i := range before {
		before[i] = Minimize(ctx, before[i], func(ctx context.Context, s conformance.Script) bool {
			return fails(ctx, slices.Concat(before[:i], []conformance.Script{s}, before[i+1:]), f.Script)
		})
	}
	f.Before = before
}
