package liar

import (
	"bufio"
	"io"
	"net"
	"time"
	"unicode/utf8"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// newPeer returns a peer that keeps every rule.
func newPeer(conn net.Conn) *peer {
	p := &peer{conn: conn, in: bufio.NewReader(conn), most: maxMessage}
	p.head = func() (handshake.Request, error) { return handshake.ReadRequest(p.in, maxHead) }
	p.minds = lawfulRequest
	p.likes = func(handshake.Request) bool { return true }
	p.respond = func(*handshake.Response, handshake.Header) {}
	p.refusal = func(*handshake.Response) {}
	p.refuse = p.refuseRequest
	p.header = func() (wire.Header, error) { return wire.ReadHeader(p.in) }
	p.hear = func(*wire.Header) bool { return true }
	p.judge = p.lawful
	p.read = p.in.Read
	p.unmask = func(b []byte, h wire.Header, at int) { wire.Mask(b, h.Key, at) }
	p.check = checked
	p.echo = same
	p.pong = pong
	p.heed = silent // "A response to an unsolicited Pong frame is not expected" (RFC 6455 §5.5.3)
	p.judgeClose = lawfulClose
	p.answer = sameStatus
	p.close = p.closeHandshake
	p.fail = p.failConnection
	p.end = p.endTCP
	p.say = func(*frame) {}
	return p
}

// lawfulRequest says whether a request is refused for a violation: for any but
// those that are the client's own affair, and offers that are to be declined.
func lawfulRequest(_ handshake.Request, v handshake.Violation) bool {
	return v.Row != "CRQ-12" && v.Clause != "errata 3150" && v.Clause != "RFC 7692 §7.1"
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

// lawful judges a frame by RFC 6455 §5.
func (p *peer) lawful(h wire.Header) wire.StatusCode {
	if len(wire.Check(h, wire.Client, p.state)) > 0 {
		return wire.ProtocolError
	}
	return 0
}

// checked checks text (RFC 6455 §8.1) and leaves binary alone.
func checked(op wire.Opcode) checker {
	if op == wire.Text {
		return new(wire.UTF8)
	}
	return unchecked{}
}

// unchecked finds nothing wrong.
type unchecked struct{}

func (unchecked) Write([]byte) bool { return true }
func (unchecked) Complete() bool    { return true }

// same is the message in one frame.
func same(m message) []frame { return one(m.opcode, m.octets) }

// pong has "identical Application data" (RFC 6455 §5.5.3).
func pong(payload []byte) []frame { return one(wire.Pong, payload) }

func silent([]byte) []frame { return nil }

// lawfulClose judges the payload of a close by RFC 6455 §5.5.1 and §7.4.
func lawfulClose(payload []byte) wire.StatusCode {
	code, reason, ok := wire.SplitClose(payload)
	switch {
	case len(wire.CheckClose(payload, wire.Client)) == 0:
		return 0
	case ok && code.Sendable() && !utf8.Valid(reason):
		return wire.InvalidPayload
	}
	return wire.ProtocolError
}

// sameStatus: "the endpoint typically echos the status code it received" (RFC
// 6455 §5.5.1).
func sameStatus(payload []byte) []frame { return one(wire.Close, payload[:min(len(payload), 2)]) }

func (p *peer) closeHandshake(payload []byte) {
	if code := p.judgeClose(payload); code != 0 {
		p.fail(code)
		return
	}
	p.over = true
	p.send(p.answer(payload)...)
	p.end()
}

// failConnection is RFC 6455 §7.1.7.
func (p *peer) failConnection(code wire.StatusCode) {
	p.over = true
	p.send(closeWith(code, "")...)
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
