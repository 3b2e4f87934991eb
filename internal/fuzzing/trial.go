package fuzzing

import (
	"context"
	"fmt"
	"slices"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// meet plays a script on a connection of its own.
func (r *run) meet(ctx context.Context, name string, s conformance.Script) runner.Encounter {
	o := r.Options
	o.Name = name
	return runner.Meet(ctx, r.Peer, s, o)
}

// meetTold plays a script as a trial does, and has a transcript of it.
func (r *run) meetTold(ctx context.Context, s conformance.Script) runner.Encounter {
	o := r.Options
	o.Name, o.Transcript = "trial", true
	return runner.Meet(ctx, r.Peer, s, o)
}

// recover waits until the device is well, and resets it if it must.
func (r *run) recover(ctx context.Context) conformance.Health {
	return r.Watch.Health(ctx)
}

// trial plays scripts, each on a connection of its own, on a device that is
// well, and returns what the last one broke, then or afterwards, and what went
// over the wire. With nil before it the device is taken as it is; else, even with
// none before it, it starts anew. A connection is held beside, or its loss could
// not be seen again. It need not go on when what is wanted was seen.
func (r *run) trial(ctx context.Context, before []conformance.Script, s conformance.Script, wanted wanted) ([]Breach, encounters) {
	if before != nil {
		r.Watch.Reset(ctx) // so that nothing counts but what comes now
	}
	r.Watch.Beside(ctx)
	breaches, all := r.inTurn(ctx, before, s, wanted)
	if suspicious(breaches) {
		r.recover(ctx)
	}
	if len(all) == 0 {
		return nil, nil // it was away before it was sent anything
	}
	return breaches, all
}

// wanted reports whether what was broken is what is looked for; nil if all is.
type wanted func([]Breach) bool

// inTurn plays scripts one after another, unless the device serves no more.
func (r *run) inTurn(ctx context.Context, before []conformance.Script, s conformance.Script, wanted wanted) (breaches []Breach, all encounters) {
	for i, script := range before {
		e := r.meet(ctx, fmt.Sprintf("before %d", i), script)
		if away(e) {
			return unwell(e), all
		}
		all = append(all, e)
		if e.Refusal != nil && e.Refusal.Silent {
			return unwell(e), all
		}
	}
	e := r.meetTold(ctx, s)
	if len(r.late(e)) > 0 { // it was away for what came before
		e = r.meetTold(ctx, s)
	}
	if away(e) {
		return unwell(e), all
	}
	return r.broken(ctx, e, wanted), append(all, e)
}

// away reports whether there was not even TCP.
func away(e runner.Encounter) bool { return e.Refusal != nil && e.Refusal.Unreached }

// broken returns what an encounter broke, then or afterwards. What a server broke
// then is known only afterwards: it may have fallen.
func (r *run) broken(ctx context.Context, e runner.Encounter, wanted wanted) []Breach {
	breaches := Judge(e, r.device, r.Options.Profile)
	if r.device == wire.Client && wanted != nil && wanted(breaches) {
		return breaches
	}
	after, _ := r.exchange(ctx, 0)
	return r.unexplained(append(breaches, after...))
}

// unexplained leaves out what needs no other reason than that a server fell: that
// it hung, and lost what it was sent. That a client comes no more may be a fall,
// or because it hangs.
func (r *run) unexplained(breaches []Breach) []Breach {
	if r.device == wire.Client || !slices.ContainsFunc(breaches, func(b Breach) bool { return b.Kind == conformance.KindDown }) {
		return breaches
	}
	return slices.DeleteFunc(breaches, func(b Breach) bool {
		return b.Kind == conformance.KindHang || b.Kind == conformance.KindDesync
	})
}
