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
	r := newRun(&Campaign{Peer: peer, Options: o, Watch: unpressed{watch}})
	for _, script := range before {
		r.meet(ctx, "before", script)
	}
	o.Name, o.Transcript = "trial", true
	e := runner.Meet(ctx, peer, s, o)
	replayed := Replayed{Encounter: e}
	if e.Refusal != nil && e.Refusal.Unreached {
		replayed.Breaches = unwell(e)
		return replayed
	}
	after, _ := r.exchange(ctx, 0)
	replayed.Breaches = distinct(append(Judge(e, r.device, o.Profile), after...))
	return replayed
}

// unpressed is a watch over a device whose button nobody presses.
type unpressed struct{ *runner.Watch }

func (unpressed) Reset(context.Context) {}
