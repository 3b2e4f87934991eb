package runner

import (
	"bufio"
	"context"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// accepted is the Peer of one connection that a device has opened: it can be
// opened once.
type accepted struct {
	conn        *timedConn
	r           *bufio.Reader
	request     handshake.Request
	subprotocol string // to choose if the device offers it
	opened      bool
	pending     *pending
	crowded     bool // another connection of the device was pending beside it
}

// Role returns Server.
func (a *accepted) Role() wire.Role { return wire.Server }

// Open answers the device's request.
func (a *accepted) Open(ctx context.Context, o Opening) (*Session, *OpenError) {
	if a.opened {
		return nil, &OpenError{Unreached: true, Reason: "a device that is a client opens its connections itself"}
	}
	a.opened = true
	s := newSession(a.conn, a.r, wire.Server, o)
	s.Request = a.request
	octets := a.request.Append(nil)
	s.tape.note(conformance.Received, octets, "%s", firstLine(octets))
	s.Response = a.response()
	if s.unoffered = unoffered(o.Offered, a.request.Header); s.unoffered != "" {
		o = Opening{Within: o.Within}
	}
	if extension, agreement, ok := answer(o.Deflate, a.request.Header); ok {
		s.Response.Header = append(s.Response.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: extension.String()})
		s.agree(agreement)
	}
	octets = s.Response.Edited(edits(a.words().filled(o.Edits))...)
	s.tape.note(conformance.Sent, octets, "%s", firstLine(octets))
	a.pending.wait(ctx, o.After)
	a.pending.end()
	if a.pending.left {
		s.tape.note(conformance.Noted, nil, "the device has left before our response")
	}
	s.early = a.r.Buffered()
	s.observer.handshake(s)
	o.After = 0 // that is over
	w := s.sender(ctx, o.Pace, o.Within)
	w.opening(octets, o.Together) // a device that does not read shows in what it says
	if w.held > 0 {
		return nil, s.unopened(o)
	}
	s.start()
	return s, nil
}

// words returns what stands for what in the edits of a response.
func (a *accepted) words() words {
	w := acceptWords(a.request.Header.Get("Sec-WebSocket-Key"))
	w["target"], w["authority"] = a.request.Target, a.request.Header.Get("Host")
	return w
}

// observe takes down what is known of the connection before it is answered.
func (a *accepted) observe(o observer) {
	if a.crowded {
		o.breaks("CON-01", "a connection was begun while another one had no answer yet (RFC 6455 §4.1)")
	}
}

// response is the ordinary 101, with the subprotocol if the device offers it.
func (a *accepted) response() handshake.Response {
	r := handshake.NewResponse(a.request.Header.Get("Sec-WebSocket-Key"))
	if a.subprotocol != "" && a.request.Header.HasToken("Sec-WebSocket-Protocol", a.subprotocol) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: a.subprotocol})
	}
	return r
}
