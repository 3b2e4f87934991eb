package runner

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"syscall"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// fragments are what has come of the message that is being read, of one fragment
// or several.
type fragments struct {
	opcode     wire.Opcode // of the first
	compressed bool
	payload    []byte
}

// read turns the device's octets into events until the connection ends.
func (s *Session) read() {
	state := wire.State{RSV: s.meanings()}
	var m fragments
	var closed bool
	put := func(e event) bool { return s.inbox.put(e, s.done) }
	for s.admitted() {
		h, err := wire.ReadHeader(s.r)
		if err != nil {
			put(s.ended(err))
			return
		}
		if h.Length > uint64(s.limit-min(len(m.payload), s.limit)) {
			s.tape.note(conformance.Received, h.Append(nil), "the header of a frame: %v", h)
			if put(event{kind: gotTooMuch, detail: fmt.Sprintf("a message of more than %d octets: %v", s.limit, h)}) {
				s.drain(put, h)
			}
			return
		}
		violations := wire.Check(h, s.role.Peer(), state)
		s.begin(h, violations)
		payload, entry, err := s.payload(h, m.payload)
		if err != nil {
			put(s.ended(err))
			return
		}
		s.begun.Store(nil)
		s.minutes.frame(h, payload[len(payload)-int(h.Length):len(payload):len(payload)], violations)
		s.observer.frame(h, payload, s.role.Peer(), closed, violations)
		closed = closed || h.Opcode == wire.Close
		state = state.Next(h)
		e := s.eventOf(h, violations, payload, &m)
		if e.kind == gotMessage && m.compressed {
			entry.inflated = len(e.payload)
		}
		s.tape.add(entry)
		s.observer.message(e)
		s.minutes.message(e)
		switch {
		case e.kind == 0: // more fragments are to come
		case !put(e):
			return
		case e.kind == gotTooMuch:
			s.drain(put, wire.Header{})
			return
		}
	}
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

// eventOf turns a frame into an event, which has no kind while more fragments of
// the message are to come. The payload of a data frame is that of the message as
// far as it has come.
func (s *Session) eventOf(h wire.Header, violations []wire.Violation, payload []byte, m *fragments) (e event) {
	fault := s.unreadable(h, violations)
	switch {
	case fault != "":
		if s.minutes != nil {
			m.payload = slices.Clip(m.payload) // they hold this frame's octets, which lie behind it
		}
		return event{kind: gotUnlawful, detail: fault}
	case h.Opcode.IsControl():
		return event{kind: gotControl, opcode: h.Opcode, payload: payload}
	case h.Opcode != wire.Continuation:
		m.opcode, m.compressed = h.Opcode, h.RSV&rsv1 != 0 && s.deflation != nil
	}
	m.payload = payload
	switch {
	case !h.Fin:
	case m.compressed:
		e = s.inflate(m.opcode, payload)
		m.payload = payload[:0]
		if s.minutes != nil {
			m.payload = nil // the minutes hold its octets
		}
	default:
		e = event{kind: gotMessage, opcode: m.opcode, payload: payload}
		m.payload = nil
	}
	return e
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
