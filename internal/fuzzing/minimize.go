package fuzzing

import (
	"context"
	"slices"

	"wsprobe/internal/conformance"
)

// maxTries bounds how often a device is troubled to shrink one finding.
const maxTries = 400

// Minimize returns the smallest script that it finds for which fails still
// says yes: fewer steps, then fewer writes, then fewer frames, then plainer
// frames, then fewer octets. It asks at most some hundred times, and not when the context is over.
func Minimize(ctx context.Context, s conformance.Script, fails func(context.Context, conformance.Script) bool) conformance.Script {
	m := &shrinker{ctx: ctx, fails: fails, best: s, left: maxTries}
	for before := ""; before != m.best.String() && m.going(); {
		before = m.best.String()
		m.steps()
		m.writes()
		m.frames()
		m.plain()
		m.payloads()
	}
	return m.best
}

// shrinker holds the smallest script that still fails.
type shrinker struct {
	ctx   context.Context
	fails func(context.Context, conformance.Script) bool
	best  conformance.Script
	left  int // tries
}

func (m *shrinker) going() bool { return m.left > 0 && m.ctx.Err() == nil }

// try keeps a script if it still fails.
func (m *shrinker) try(s conformance.Script) bool {
	if !m.going() || s.String() == m.best.String() {
		return false
	}
	m.left--
	if !m.fails(m.ctx, s) {
		return false
	}
	m.best = s
	return true
}

// steps leaves out steps. The ending stays: a script has one.
func (m *shrinker) steps() {
	end := len(m.best) - 1
	ending := m.best[end]
	shrink(m.best[:end], func(steps []conformance.Step) bool {
		return m.try(append(append(conformance.Script{}, steps...), ending))
	})
}

// writes puts the frames of two steps into one, wherever the script fails all the
// same: so what differs in its writes alone becomes the same script.
func (m *shrinker) writes() {
	for i := 0; i+1 < len(m.best); i++ {
		one, ok := m.best[i].(conformance.SendStep)
		other, both := m.best[i+1].(conformance.SendStep)
		if !ok || !both || !plainly(one) || !plainly(other) {
			continue
		}
		joined := conformance.SendStep{Frames: slices.Concat(one.Frames, other.Frames)}
		if m.try(slices.Concat(m.best[:i], conformance.Script{joined}, m.best[i+2:])) {
			i-- // and what follows
		}
	}
}

// plainly reports whether a step sends whole frames in one write.
func plainly(s conformance.SendStep) bool {
	p := s.Pace
	return s.Fragment == 0 && p.Chop == 0 && len(p.Cut) == 0 && p.Every == 0 && p.After == 0 && p.Upto == 0 &&
		!slices.ContainsFunc(s.Frames, func(f conformance.Frame) bool { return f.Octets != [2]int{} })
}

// frames leaves out frames of steps that send several.
func (m *shrinker) frames() {
	for i := range m.best {
		step, ok := m.best[i].(conformance.SendStep)
		if !ok || len(step.Frames) < 2 {
			continue
		}
		shrink(step.Frames, func(frames []conformance.Frame) bool {
			if len(frames) == 0 {
				return false
			}
			step.Frames = append([]conformance.Frame(nil), frames...)
			return m.try(m.with(i, step))
		})
	}
}

// with returns the script with another step in the place of the i'th.
func (m *shrinker) with(i int, step conformance.Step) conformance.Script {
	s := append(conformance.Script{}, m.best...)
	s[i] = step
	return s
}

// shrink is delta debugging (Zeller, ddmin): it leaves out ever smaller parts of
// a list for as long as keep says that what remains will do.
func shrink[T any](list []T, keep func([]T) bool) []T {
	if len(list) > 0 && keep(nil) {
		return nil
	}
	for parts := 2; len(list) > 1; {
		size := (len(list) + parts - 1) / parts
		kept := false
		for from := 0; from < len(list); from += size {
			rest := append(append([]T{}, list[:from]...), list[min(from+size, len(list)):]...)
			if len(rest) > 0 && keep(rest) {
				list, kept = rest, true
				parts = max(parts-1, 2)
				break
			}
		}
		if !kept {
			if size == 1 {
				break
			}
			parts = min(parts*2, len(list))
		}
	}
	return list
}
