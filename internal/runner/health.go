package runner

import (
	"context"
	"time"

	"wsprobe/internal/conformance"
)

// retryPause is the time between two attempts to reach a device that is away.
const retryPause = 100 * time.Millisecond

// visit asks whether the device is well: it accepts a connection, shakes hands
// and is left with a closing handshake. A device that does not is tried again
// until the options' recovery is over.
func visit(ctx context.Context, peer Peer, o Options) conformance.Health {
	refused := false
	deadline := time.Now().Add(o.recovery())
	for attempt := 1; ; attempt++ {
		err := call(ctx, peer, o)
		switch {
		case err == nil && attempt == 1:
			return conformance.Alive
		case err == nil && refused:
			return conformance.Rebooted
		case err == nil:
			return conformance.Slow
		case err.Status != 0:
			return conformance.Slow // it speaks HTTP, so it is there
		case err.Refused:
			refused = true
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return conformance.Gone
		}
		pause(ctx, o.scaled(retryPause))
	}
}

// call opens a connection and closes it as an ordinary client would.
func call(ctx context.Context, peer Peer, o Options) *OpenError {
	p := newPlayer(ctx, peer, o)
	var err *OpenError
	p.s, err = peer.Open(ctx, o.opening("health", nil, messageSlack))
	if err != nil {
		return err
	}
	defer p.s.close()
	p.finish(conformance.CloseNormally())
	return nil
}
