package echo

import (
	"errors"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// How a connection ends. Until then it is an echo.

// maxAfter is when at last a URL may have a connection end.
const maxAfter = time.Hour

func readClose(q *parameters) action {
	code := websocket.StatusCode(q.number("code", 1000, 1000, 4999))
	if !sendable(code) {
		q.reject("code", strconv.Itoa(int(code)), "not one that a Close frame may hold (RFC 6455 §7.4 and IANA's registry): 1000 to 1003, 1007 to 1014, 3000 to 4999")
	}
	why := q.text("reason", "")
	if len(why) > maxReason {
		q.reject("reason", why, "longer than "+strconv.Itoa(maxReason)+" octets, RFC 6455 §5.5")
	}
	after := readAfter(q)
	return action{play: func(p *peer) error {
		return p.echoFor(after, func() { p.close(code, why, patience) })
	}}
}

func readDrop(q *parameters) action {
	after := readAfter(q)
	return action{play: func(p *peer) error {
		return p.echoFor(after, func() { _ = p.conn.Close() })
	}}
}

func readReset(q *parameters) action {
	after := readAfter(q)
	return action{play: func(p *peer) error {
		return p.echoFor(after, func() { p.conn.reset() })
	}}
}

func readAfter(q *parameters) time.Duration { return q.duration("after", 0, 0, maxAfter) }

// echoFor echoes for a time, and then ends the connection.
func (p *peer) echoFor(after time.Duration, end func()) error {
	p.conn.until = time.Now().Add(after)
	err := echo(p)
	if errors.Is(err, errTimeUp) && p.ctx.Err() == nil {
		end()
		return nil
	}
	return err
}

// sendable reports whether a Close frame may hold a code: RFC 6455 §7.4 and IANA's
// registry, which has had 1012 to 1014 since.
func sendable(code websocket.StatusCode) bool {
	switch {
	case code >= 1004 && code <= 1006, code > 1014 && code < 3000:
		return false
	}
	return code >= 1000 && code <= 4999
}
