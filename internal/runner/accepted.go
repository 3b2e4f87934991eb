package runner

import (
	"bufio"
	"context"
	"time"

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
	if extension, agreement, ok := answer(o.Deflate, a.request.Header); ok {
		s.Response.Header = append(s.Response.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: extension.String()})
		s.agree(agreement)
	}
	octets = s.Response.Edited(edits(a.words().filled(o.Edits))...)
	s.tape.note(conformance.Sent, octets, "%s", firstLine(octets))
	w := s.sender(ctx, o.Pace, o.Within)
	s.early = a.early(o.After > 0)
	s.observer.handshake(s)
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

// early returns how many octets have come behind the request, before there was
// an answer to it; if the answer was held back, what TCP holds counts too.
func (a *accepted) early(held bool) int {
	if held && a.r.Buffered() == 0 {
		a.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		a.r.Peek(1)
		a.conn.SetReadDeadline(time.Time{})
	}
	return a.r.Buffered()
}

// response is the ordinary 101, with the subprotocol if the device offers it.
func (a *accepted) response() handshake.Response {
	r := handshake.NewResponse(a.request.Header.Get("Sec-WebSocket-Key"))
	if a.subprotocol != "" && a.request.Header.HasToken("Sec-WebSocket-Protocol", a.subprotocol) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: a.subprotocol})
	}
	return r
}
