package fuzzing

import (
	"context"
	"slices"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// collect yields what comes of the inputs.
func (r *run) collect(ctx context.Context, yield func(Progress, error) bool) {
	for {
		select {
		case m := <-r.done:
			if !r.deal(ctx, m, yield) {
				return
			}
		case <-r.ended:
			if m := r.last(ctx); len(m.breaches) > 0 && !r.deal(ctx, m, yield) {
				return
			}
			if err := ctx.Err(); err != nil {
				yield(Progress{}, err)
			}
			return
		}
	}
}

// last asks for the known-good exchange once more when no input comes any more,
// for nobody else would see what the last ones did. A client may be waited for
// long, and is not when the time is over.
func (r *run) last(ctx context.Context) (m met) {
	if !r.unsure || ctx.Err() != nil && r.device == wire.Client {
		return m
	}
	m.away = true
	m.breaches, _ = r.exchange(context.WithoutCancel(ctx), int(r.next.Load()))
	return m
}

// deal looks into what an input broke, and yields it; false to stop.
func (r *run) deal(ctx context.Context, m met, yield func(Progress, error) bool) bool {
	if !m.away && !m.late {
		r.wait(m.waited)
	}
	p := Progress{N: m.n, Played: !m.away, Family: m.family, Health: conformance.Alive}
	if breaches := append(m.breaches, r.creeping(m)...); len(breaches) > 0 {
		r.halt()
		for _, b := range distinct(breaches) {
			r.bring(ctx, m, b, &p)
		}
		if ctx.Err() == nil && (m.away || suspicious(breaches)) {
			p.Health = r.recover(ctx)
		}
		r.unsure = false
		r.resume()
	}
	if !m.away {
		r.remember(m)
	}
	if ctx.Err() != nil {
		p.Played = len(m.breaches) == 0 // or it comes again, to be looked into
		return yield(p, nil)
	}
	if !yield(p, nil) {
		return false
	}
	if p.Health == conformance.Gone {
		yield(Progress{}, runner.ErrLost)
		return false
	}
	return true
}

// bring looks into a breach, and puts the finding that it comes to into p.
func (r *run) bring(ctx context.Context, m met, b Breach, p *Progress) {
	f, again := r.look(ctx, m, b)
	switch {
	case f == nil:
	case again:
		f.Inputs++
	default:
		p.Findings = append(p.Findings, f)
	}
}

// distinct returns the breaches, the worst first, each once.
func distinct(breaches []Breach) (out []Breach) {
	seen := map[string]bool{}
	for _, b := range breaches {
		if k := b.Kind.String() + b.Rule; !seen[k] {
			seen[k] = true
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b Breach) int { return int(b.Kind) - int(a.Kind) })
	return out
}

// suspicious reports whether a device that broke this may not be well.
func suspicious(breaches []Breach) bool {
	for _, b := range breaches {
		if b.Kind > conformance.KindLenient {
			return true
		}
	}
	return false
}
