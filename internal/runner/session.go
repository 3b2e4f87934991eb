package runner

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Session is one connection on which the opening handshake is done. One
// goroutine reads it, into the inbox; the player writes and closes it.
type Session struct {
	Request  handshake.Request
	Response handshake.Response

	conn     *timedConn
	r        *bufio.Reader
	role     wire.Role // ours
	tape     *tape
	keys     *rand.Rand // of masking keys
	limit    int        // octets of a message of the device's
	observer observer
	early    int // octets that came before our response
	inbox    *inbox
	done     chan struct{}         // closed when the session is
	gate     chan struct{}         // holds a token but while the player reads nothing on purpose
	begun    atomic.Pointer[begun] // the frame that the device has not ended, nil for none
	part     [4]byte               // key of the frame that is being sent in parts
	out      []byte                // buffer of Send
	minutes  *minutes              // nil if none are taken
	once     sync.Once
	reading  sync.WaitGroup

	unoffered string     // what the case is about and the device, a client, does not offer
	deflation *deflation // nil unless permessage-deflate is agreed on
}

// Buffers of what is read, in octets: large enough for long messages to be few
// reads, and for connections of which there are thousands in a minute to be cheap.
const (
	readBuffer  = 16 << 10
	smallBuffer = 4 << 10
)

// newSession takes a connection, and its reader with what it has buffered.
func newSession(conn *timedConn, r *bufio.Reader, role wire.Role, o Opening) *Session {
	s := &Session{
		conn: conn, r: r, role: role, tape: o.tape, keys: o.keys, limit: o.limit, observer: o.observer,
		inbox: newInbox(o.limit), done: make(chan struct{}), gate: make(chan struct{}, 1), minutes: o.minutes,
	}
	if o.minutes != nil {
		o.minutes.session, conn.minutes = s, o.minutes
	}
	return s
}

// start begins to read frames.
func (s *Session) start() {
	s.conn.touch()
	s.gate <- struct{}{}
	s.minutes.begin()
	s.reading.Go(s.read)
}

// close ends TCP, and with it the reader.
func (s *Session) close() {
	s.once.Do(func() {
		close(s.done)
		s.conn.Close()
	})
}

// reset ends TCP with a reset, where the transport can.
func (s *Session) reset() {
	conn := s.conn.Conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn() // no close_notify
	}
	if c, ok := conn.(interface{ SetLinger(int) error }); ok {
		c.SetLinger(0)
		s.once.Do(func() {
			close(s.done)
			conn.Close()
		})
	}
	s.close()
}

// halfClose ends our direction of TCP only, and reports whether the transport can.
func (s *Session) halfClose() bool {
	c, ok := s.conn.Conn.(interface{ CloseWrite() error })
	if ok {
		c.CloseWrite()
	}
	return ok
}

// read turns the device's octets into events until the connection ends.
func (s *Session) read() {
	state := wire.State{RSV: s.meanings()}
	var message []byte
	var opcode wire.Opcode
	var compressed, closed bool
	put := func(e event) bool { return s.inbox.put(e, s.done) }
	for {
		if !s.admitted() {
			return
		}
		h, err := wire.ReadHeader(s.r)
		if err != nil {
			put(s.ended(err))
			return
		}
		if h.Length > uint64(s.limit-min(len(message), s.limit)) {
			s.tape.note(conformance.Received, h.Append(nil), "the header of a frame: %v", h)
			if put(event{kind: gotTooMuch, detail: fmt.Sprintf("a message of more than %d octets: %v", s.limit, h)}) {
				s.drain(put, h)
			}
			return
		}
		violations := wire.Check(h, s.role.Peer(), state)
		s.begin(h, violations)
		payload, entry, err := s.payload(h, message)
		if err != nil {
			put(s.ended(err))
			return
		}
		s.begun.Store(nil)
		s.minutes.frame(h, payload[len(payload)-int(h.Length):len(payload):len(payload)], violations)
		s.observer.frame(h, payload, s.role.Peer(), closed, violations)
		closed = closed || h.Opcode == wire.Close
		state = state.Next(h)
		var e event
		switch fault := s.unreadable(h, violations); {
		case fault != "":
			e = event{kind: gotUnlawful, detail: fault}
		case h.Opcode.IsControl():
			e = event{kind: gotControl, opcode: h.Opcode, payload: payload}
		default:
			if h.Opcode != wire.Continuation {
				opcode, compressed = h.Opcode, h.RSV&rsv1 != 0 && s.deflation != nil
			}
			message = payload
			switch {
			case h.Fin && compressed:
				e = s.inflate(opcode, message)
				entry.inflated = len(e.payload)
				if message = message[:0]; s.minutes != nil {
					message = nil // the minutes hold its octets
				}
			case h.Fin:
				e, message = event{kind: gotMessage, opcode: opcode, payload: message}, nil
			}
		}
		s.tape.add(entry)
		s.observer.message(e)
		s.minutes.message(e)
		if e.kind == 0 {
			continue // more fragments are to come
		}
		if !put(e) {
			return
		}
		if e.kind == gotTooMuch {
			s.drain(put, wire.Header{})
			return
		}
	}
}

// unreadable says why a frame is part of no message, or, where messages may be
// compressed, why nobody can tell what it holds: nothing else that is unlawful
// keeps the stream from being read, and so decides a case.
func (s *Session) unreadable(h wire.Header, violations []wire.Violation) string {
	for _, v := range violations {
		if v.Row == "FRG-10" || h.Opcode.IsReserved() || v.Row == "FRM-14" && s.deflation != nil {
			return v.Error()
		}
	}
	return ""
}

// admitted waits until the player lets reading go on; false if it never will.
func (s *Session) admitted() bool {
	select {
	case token := <-s.gate:
		s.gate <- token
		return true
	case <-s.done:
		return false
	}
}

// payload reads the payload of a frame and makes its record. That of a data
// frame is appended to the message it continues.
func (s *Session) payload(h wire.Header, message []byte) ([]byte, record, error) {
	if h.Opcode.IsControl() {
		message = nil
	}
	have := len(message)
	if cap(message)-have < int(h.Length) { // the limit has been checked
		grown := make([]byte, have, have+max(int(h.Length), min(have, s.limit-have)))
		copy(grown, message)
		message = grown
	}
	message = message[:have+int(h.Length)]
	octets := message[have:]
	if n, err := io.ReadFull(s.r, octets); err != nil {
		s.tape.note(conformance.Received, append(h.Append(nil), octets[:n]...), "%v, of which %d came", h, n)
		s.minutes.part(h, octets[:n])
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, record{}, err
	}
	var onWire []byte
	if s.tape != nil {
		onWire = capped(h.Append(nil), octets)
	}
	if h.Masked {
		wire.Mask(octets, h.Key, 0)
	}
	if s.tape == nil {
		return message, record{}, nil
	}
	return message, frameRecord(conformance.Received, h, onWire, octets), nil
}

// drain reads to the end, and keeps nothing but what the minutes keep of a frame
// that is too long.
func (s *Session) drain(put func(event) bool, h wire.Header) {
	if s.minutes != nil && h.Length > 0 {
		begun := make([]byte, maxPart)
		n, _ := io.ReadFull(s.r, begun)
		s.minutes.part(h, begun[:n])
	}
	_, err := io.Copy(io.Discard, s.r)
	if err == nil {
		err = io.EOF
	}
	put(s.ended(err))
}

// ended puts the end of the connection into words.
func (s *Session) ended(err error) event {
	e := event{kind: gotEnd}
	switch {
	case err == io.EOF:
		e.detail = "the end of TCP"
	case err == io.ErrUnexpectedEOF:
		e.detail = "the end of TCP within a frame"
	case errors.Is(err, syscall.ECONNRESET):
		e.detail = endReset
	case errors.Is(err, net.ErrClosed):
		e.detail = "our own end of TCP"
	default:
		e.detail = "the end of the connection: " + err.Error()
	}
	s.tape.note(conformance.Noted, nil, "%s", e.detail)
	return e
}
