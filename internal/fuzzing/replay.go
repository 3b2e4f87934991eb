package fuzzing

import (
	"context"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
)

// Replayed is what came of a script that was played again.
type Replayed struct {
	Encounter runner.Encounter // with its transcript
	Breaches  []Breach         // then, and afterwards
}

// Replay plays scripts, each on a connection of its own, the last with a
// transcript, and then asks whether the device is well.
func Replay(ctx context.Context, peer runner.Peer, o runner.Options, before []conformance.Script, s conformance.Script) Replayed {
	watch := runner.NewWatch(peer, o)
	defer watch.Close()
	r := newRun(&Campaign{Peer: peer, Options: o, Watch: watch})
	for _, script := range before {
		r.meet(ctx, "before", script)
	}
	e := r.meetTold(ctx, s)
	if away(e) {
		return Replayed{e, unwell(e)}
	}
	return Replayed{e, distinct(r.broken(ctx, e, nil))}
}
