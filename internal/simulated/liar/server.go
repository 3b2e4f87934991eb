package liar

import (
	"io"
	"slices"
	"time"

	"wsprobe/internal/handshake"
)

// keepServerRules are the rules of a server alone.
func (p *peer) keepServerRules() {
	p.open = p.takeRequest
	p.head = func() (handshake.Request, error) { return handshake.ReadRequest(p.in, maxHead) }
	p.minds = minded
	p.likes = func(handshake.Request) bool { return true }
	p.respond = func(*handshake.Response, handshake.Header) {}
	p.refusal = func(*handshake.Response) {}
	p.refuse = p.refuseRequest
	p.end = p.endTCP
}

// takeRequest answers the opening handshake, and says whether the connection is
// open.
func (p *peer) takeRequest() bool {
	_ = p.conn.SetReadDeadline(time.Now().Add(openingTime))
	request, err := p.head()
	if err != nil {
		return false
	}
	_ = p.conn.SetReadDeadline(time.Time{})
	mind := func(v handshake.Violation) bool { return p.minds(request, v) }
	if !p.likes(request) || slices.ContainsFunc(handshake.CheckRequest(request), mind) {
		p.refuse(request.Header)
		return false
	}
	response := handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key"))
	p.respond(&response, request.Header)
	_, err = p.conn.Write(append(response.Append(nil), p.after...))
	return err == nil
}

// minded says whether a request is refused for a violation: for any but
// those that are the client's own affair, and offers that are to be declined.
func minded(_ handshake.Request, v handshake.Violation) bool {
	return v.Row != "CRQ-12" && v.Row != "EXT-07" && v.Clause != "errata 3150" && v.Clause != "RFC 7692 §7.1"
}

// refuseRequest is RFC 6455 §4.2.2, /version/ and §4.4.
func (p *peer) refuseRequest(request handshake.Header) {
	r := handshake.Response{Proto: "HTTP/1.1", Status: 400, Reason: "Bad Request"}
	r.Header = handshake.Header{{Name: "Sec-WebSocket-Version", Value: "13"}, {Name: "Connection", Value: "close"}}
	if version := request.Get("Sec-WebSocket-Version"); version != "" && version != "13" {
		r.Status, r.Reason = 426, "Upgrade Required"
	}
	p.refusal(&r)
	_, _ = p.conn.Write(r.Append(nil))
	p.end()
}

// endTCP closes at once, as "the server MUST close the underlying TCP connection
// immediately" (RFC 6455 §5.5.1), and reads on for a while: with octets unread
// TCP would end in a reset, which may overtake what was said. A transport that
// has no half to close is closed by the caller of play.
func (p *peer) endTCP() {
	c, ok := p.conn.(interface{ CloseWrite() error })
	if !ok {
		return
	}
	_ = c.CloseWrite()
	_ = p.conn.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.Copy(io.Discard, p.conn)
}
