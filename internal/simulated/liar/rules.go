package liar

import (
	"bufio"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// newPeer returns a peer that keeps every rule, at its end of one of the
// connections of a device, counted from 0.
func newPeer(conn net.Conn, role wire.Role, connection int) *peer {
	p := &peer{role: role, conn: conn, in: bufio.NewReader(conn), connection: connection, most: maxMessage}
	p.random = rand.New(rand.NewPCG(uint64(connection), uint64(role)))
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
	p.mask = p.randomMask
	p.say = func(*frame) {}
	if role == wire.Client {
		p.keepClientRules()
	} else {
		p.keepServerRules()
	}
	return p
}

// lawful judges a frame by RFC 6455 §5.
func (p *peer) lawful(h wire.Header) wire.StatusCode {
	if len(wire.Check(h, p.role.Peer(), p.state)) > 0 {
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

// lawfulClose judges the payload of a close by RFC 6455 §5.5.1 and §7.4. That
// 1010 "is not used by the server" (§7.4.1) is no client's to refuse.
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

// randomMask: "The masking key needs to be unpredictable" (RFC 6455 §5.3); that
// of a liar is so to nobody who knows its seed.
func (p *peer) randomMask() (key [4]byte) {
	binary.BigEndian.PutUint32(key[:], p.random.Uint32())
	return key
}
