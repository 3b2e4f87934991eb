package echo

import (
	"errors"
	"fmt"
	"time"

	"github.com/coder/websocket"
)

// patience is how long a peer may take to answer a Close frame, and to read
// what was sent before it.
const patience = time.Second

// A fault is what a peer did wrong, and the code to fail the connection with.
type fault struct {
	code   websocket.StatusCode
	reason string
}

func (f fault) Error() string { return fmt.Sprintf("%d: %s", f.code, f.reason) }

// fail ends the connection after err, at once (RFC 6455 §7.1.7), or, if the server
// stops, as one that goes away.
func (p *peer) fail(err error) {
	var f fault
	switch {
	case p.ctx.Err() != nil:
		p.close(websocket.StatusGoingAway, "", patience)
	case errors.As(err, &f):
		p.close(f.code, f.reason, 0)
	case !p.conn.ended:
		// The library has mostly sent its Close frame already, and then this
		// sends no other; but it says nothing to an unmasked frame, nor to a
		// length of 2^63 and more.
		p.close(websocket.StatusProtocolError, fitting(cause(err).Error()), 0)
	}
}

// fitting is as much of a reason as a Close frame has room for.
func fitting(reason string) string { return string(beginning([]byte(reason), maxReason)) }

// cause is the innermost error of err: the library wraps its own well.
func cause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// close sends a Close frame, unless one was sent, gives the peer that long to
// answer it, and half-closes TCP.
func (p *peer) close(code websocket.StatusCode, reason string, wait time.Duration) {
	// The library would wait five seconds for the peer to read and five for
	// it to answer, in the middle of a frame, too.
	p.conn.limit(wait, patience)
	p.conn.incoming.unread = true // it passes over what comes before the answer
	_ = p.ws.Close(code, reason)
}

// finish is how a behaviour ends that has said all that it has to say.
func (p *peer) finish() error {
	p.close(websocket.StatusNormalClosure, "", patience)
	return nil
}
