package runner

import (
	"context"
	"sync/atomic"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Watch looks after a device beside the connections that are played: whether it
// is well, and that it gets well again. It is safe for use by several goroutines.
type Watch struct {
	Gauge *Gauge // of the device's memory; nil if it tells nothing

	peer    Peer
	options Options
	visits  chan struct{} // one at a time: a device is waited for, and reset, once
	answers atomic.Int32  // whether it answers messages as its profile says

	lingers atomic.Bool // it leaves it to us to end TCP

	holding chan struct{} // held by who looks at the canary
	canary  *canary       // nil if none is held
	beside  besides
}

// Whether the device answers a message as its profile says. Only of one that has
// done so once is it asked for ever after.
const (
	answersUnknown = iota
	answersWell
	answersNot
)

// besides is whether the device bears a connection that is held open beside.
type besides uint8

const (
	besidesUnknown besides = iota
	besidesBears
	besidesNot
)

// NewWatch returns a Watch over the peer's device. It is to be closed.
func NewWatch(peer Peer, o Options) *Watch {
	w := &Watch{peer: peer, options: o, visits: make(chan struct{}, 1), holding: make(chan struct{}, 1)}
	if !o.besidesAllowed(peer.Role()) {
		w.beside = besidesNot
	}
	return w
}

// besidesAllowed reports whether the profile allows one connection more than are
// played at once. A device that is a client may have only one to give.
func (o Options) besidesAllowed(role wire.Role) bool {
	most := o.Profile.Connections
	return most > max(o.Parallel, 1) || most == 0 && role == wire.Client
}

// Health asks whether the device is well: it accepts a connection, shakes hands
// and answers a message, as its profile says and as it has done before. One that
// is not is waited for, for the options' Recover; if that does not help it is
// reset, if there is a Reset, and waited for again. Only if it never comes back
// it is Gone. If the connection beside was lost by then, it went with whatever
// was wrong: Beside does not tell of it any more.
func (w *Watch) Health(ctx context.Context) conformance.Health {
	health := w.after(ctx, "").health
	if take(ctx, w.holding) {
		w.canaryLost()
		<-w.holding
	}
	return health
}

// after is Health after something that may have felled the device.
func (w *Watch) after(ctx context.Context, what string) (f found) {
	if !take(ctx, w.visits) {
		return found{health: conformance.Gone}
	}
	defer func() { <-w.visits }()
	if f = w.visit(ctx); f.health != conformance.Gone || w.options.Reset == nil || ctx.Err() != nil {
		return f
	}
	w.options.Reset(ctx, Trouble{After: what, Wrong: f.wrong})
	if f.health = w.visit(ctx).health; f.health != conformance.Gone {
		f.health = conformance.Rebooted // by us
	}
	return f
}

// Reset makes the device start anew, if there is a way, and the connection
// beside with it, and waits until it has.
func (w *Watch) Reset(ctx context.Context) {
	if w.options.Reset != nil {
		w.release()
		w.options.Reset(ctx, Trouble{Wrong: "nothing: it is to start anew"})
		w.Health(ctx)
	}
}

// Trouble is why a device is reset.
type Trouble struct {
	After string // what it was last played; "" if that is not known
	Wrong string // what is wrong with it, in words
}

// Beside asks on the connection that is held open beside, and reports whether it
// has lived on. The first time it opens one, if the profile allows it and the
// device bears it; where none is held it is true. One that was lost is opened
// anew the next time.
func (w *Watch) Beside(ctx context.Context) bool { return w.besideLost(ctx) == "" }

// besideLost says how the connection beside was lost, "" if it was not.
func (w *Watch) besideLost(ctx context.Context) (how string) {
	if !take(ctx, w.holding) {
		return ""
	}
	defer func() { <-w.holding }()
	switch {
	case w.beside == besidesNot:
	case w.canary != nil:
		how = w.canaryLost()
	case w.call(ctx) == nil:
		w.canary = hold(ctx, w.peer, w.options)
		if w.beside == besidesUnknown {
			w.try(ctx)
		}
	}
	return how
}

// canaryLost says how the canary was lost and gives it up, "" if it was not, or
// none is held.
func (w *Watch) canaryLost() (how string) {
	if w.canary == nil {
		return ""
	}
	if how = w.canary.well(); how != "" {
		w.canary.close()
		w.canary = nil
	}
	return how
}

// try finds out whether the device serves others while the first canary is held,
// and leaves it alone.
func (w *Watch) try(ctx context.Context) {
	w.beside = besidesNot
	if w.canary == nil {
		return
	}
	if w.call(ctx) == nil && w.canary.well() == "" {
		w.beside = besidesBears
		return
	}
	w.canary.close()
	w.canary = nil
}

// release gives up the connection beside until Beside is asked again.
func (w *Watch) release() {
	w.holding <- struct{}{}
	defer func() { <-w.holding }()
	if w.canary != nil {
		w.canary.close()
		w.canary = nil
	}
}

// Heap returns the latest reading of the device's memory; false if it tells none.
func (w *Watch) Heap() (float64, bool) {
	if w.Gauge == nil {
		return 0, false
	}
	return w.Gauge.Reading(context.Background()) // bounded by the gauge
}

// Close gives up what the Watch holds.
func (w *Watch) Close() { w.release() }

// take takes one of the places of a channel; false if the context ends first.
func take(ctx context.Context, places chan<- struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}
