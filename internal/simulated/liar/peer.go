package liar

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Bounds of a peer.
const (
	maxHead     = 8 << 10          // octets of a request
	maxAnswer   = 128 << 10        // octets of a response
	maxMessage  = 16 << 20         // octets; the largest message of the catalogue
	maxControl  = 64 << 10         // octets of a control frame, for liars that take long ones
	maxPiece    = 32 << 10         // octets that are read at once
	openingTime = 10 * time.Second // for a request
	answerTime  = 30 * time.Second // for a response
	lingerTime  = time.Second      // between a server's FIN and the client's
	closingTime = 10 * time.Second // between the Close frames and the server's FIN
)

// peer is an endpoint that echoes, at its end of one connection. Each func is a
// rule: see rules.go for the right ones.
type peer struct {
	role       wire.Role
	conn       net.Conn
	in         *bufio.Reader
	random     *rand.Rand // of keys
	connection int        // of the device's, from 0
	state      wire.State
	message    message // that has begun, or the last one
	over       bool    // the connection has ended, or is about to
	lost       bool    // and what it took up is not given back
	open       func() bool

	// The opening handshake of a client.
	nonce    func() [16]byte                                    // of Sec-WebSocket-Key
	request  func(*handshake.Request)                           // may change the request
	write    func(head []byte)                                  // sends it
	answered func() (handshake.Response, error)                 // reads the response
	doubts   func(handshake.Response, handshake.Violation) bool // whether it gives up for that
	trusts   func(handshake.Response) bool                      // false gives up what is lawful

	// The opening handshake of a server.
	head    func() (handshake.Request, error)
	minds   func(handshake.Request, handshake.Violation) bool // whether it refuses for that
	likes   func(handshake.Request) bool                      // false refuses what is lawful
	respond func(r *handshake.Response, to handshake.Header)  // may change the 101
	refusal func(*handshake.Response)                         // may change the answer to what is refused
	refuse  func(handshake.Header)

	after string // what follows our half of the opening handshake

	// What the peer makes of what comes.
	header func() (wire.Header, error)       // the next one
	hear   func(*wire.Header) bool           // may change the header; false passes over the frame
	judge  func(wire.Header) wire.StatusCode // 0, or the status to fail the connection with
	read   func([]byte) (int, error)         // the next octets of a payload
	unmask func(b []byte, h wire.Header, at int)
	check  func(wire.Opcode) checker // for each message
	most   int                       // octets of a message

	// What the peer says.
	echo       func(message) []frame                // to a message
	pong       func(payload []byte) []frame         // to a ping
	heed       func(payload []byte) []frame         // to a pong
	judgeClose func(payload []byte) wire.StatusCode // 0, or the status to fail the connection with
	answer     func(payload []byte) []frame         // to a close that is right
	close      func(payload []byte)                 // all that a close leads to
	fail       func(wire.StatusCode)                // _Fail the WebSocket Connection_
	end        func()                               // of TCP
	mask       func() [4]byte                       // the key of the next frame of a client
	say        func(*frame)                         // the last change to a frame
}

// message is what data frames bring.
type message struct {
	opcode wire.Opcode
	octets []byte
	frames int
	check  checker
}

// checker checks the octets of a message as they come.
type checker interface {
	Write(b []byte) bool // false as soon as nothing can make it right
	Complete() bool      // whether the message may end here
}

// play opens the connection, takes frames until it ends, and does what each
// leads to.
func (p *peer) play() {
	if !p.open() {
		return
	}
	for !p.over && p.turn() == nil {
	}
}

// turn takes a frame and does what it leads to. An error means that no more
// frames will come.
func (p *peer) turn() error {
	h, err := p.header()
	if err != nil {
		return err
	}
	if !p.hear(&h) {
		_, err := io.CopyN(io.Discard, p.in, int64(min(h.Length, maxMessage)))
		return err
	}
	if code := p.judge(h); code != 0 {
		p.fail(code)
		return nil
	}
	p.state = p.state.Next(h)
	if h.Opcode.IsControl() {
		return p.control(h)
	}
	return p.data(h)
}

func (p *peer) control(h wire.Header) error {
	payload := make([]byte, min(h.Length, maxControl))
	if _, err := io.ReadFull(p.in, payload); err != nil {
		return err
	}
	p.unmask(payload, h, 0)
	switch h.Opcode {
	case wire.Ping:
		p.send(p.pong(payload)...)
	case wire.Pong:
		p.send(p.heed(payload)...)
	case wire.Close:
		p.close(payload)
	}
	return nil
}

// data adds a frame to the message, checking each octet as it comes, and answers
// the message when it is whole.
func (p *peer) data(h wire.Header) error {
	if h.Opcode != wire.Continuation {
		p.message = message{opcode: h.Opcode, check: p.check(h.Opcode)}
	}
	m := &p.message
	if m.frames++; h.Length > uint64(p.most-len(m.octets)) {
		p.fail(wire.MessageTooBig)
		return nil
	}
	for at := 0; at < int(h.Length); {
		size := min(int(h.Length)-at, maxPiece)
		if cap(m.octets)-len(m.octets) < size {
			m.octets = slices.Grow(m.octets, max(size, len(m.octets)))
		}
		piece := m.octets[len(m.octets) : len(m.octets)+size]
		n, err := p.read(piece)
		if err != nil {
			return err
		}
		p.unmask(piece[:n], h, at)
		if !m.check.Write(piece[:n]) {
			p.fail(wire.InvalidPayload)
			return nil
		}
		m.octets = m.octets[:len(m.octets)+n]
		at += n
	}
	switch {
	case h.Fin && !m.check.Complete():
		p.fail(wire.InvalidPayload)
	case h.Fin:
		p.send(p.echo(*m)...)
	}
	return nil
}
