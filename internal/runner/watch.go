package runner

import (
	"context"
	"sync/atomic"

	"wsprobe/internal/conformance"
)

// Watch looks after a device beside the connections that are played: whether it
// is well, and that it gets well again. It is safe for use by several goroutines.
type Watch struct {
	peer    Peer
	options Options
	visits  chan struct{} // one at a time: a device is waited for, and reset, once
	answers atomic.Int32  // whether it answers messages as its profile says
}

// Whether the device answers a message as its profile says. Only of one that has
// done so once is it asked for ever after.
const (
	answersUnknown = iota
	answersWell
	answersNot
)

// NewWatch returns a Watch over the peer's device.
func NewWatch(peer Peer, o Options) *Watch {
	return &Watch{peer: peer, options: o, visits: make(chan struct{}, 1)}
}

// Health asks whether the device is well: it accepts a connection, shakes hands
// and answers a message, as its profile says and as it has done before. One that
// is not is waited for, for the options' Recover; if that does not help it is
// reset, if there is a Reset, and waited for again. Only if it never comes back
// it is Gone.
func (w *Watch) Health(ctx context.Context) conformance.Health { return w.after(ctx, "") }

// after is Health after something that may have felled the device.
func (w *Watch) after(ctx context.Context, what string) conformance.Health {
	select {
	case w.visits <- struct{}{}:
		defer func() { <-w.visits }()
	case <-ctx.Done():
		return conformance.Gone
	}
	health, wrong := w.visit(ctx)
	if health != conformance.Gone || w.options.Reset == nil || ctx.Err() != nil {
		return health
	}
	w.options.Reset(ctx, Trouble{After: what, Wrong: wrong})
	if health, _ = w.visit(ctx); health == conformance.Gone {
		return conformance.Gone
	}
	return conformance.Rebooted // by us
}

// Trouble is why a device is reset.
type Trouble struct {
	After string // what it was last played; "" if that is not known
	Wrong string // what is wrong with it, in words
}
