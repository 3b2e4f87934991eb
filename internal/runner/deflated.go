package runner

import (
	"errors"
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// rsv1 marks a compressed message on its first frame (RFC 7692 §6).
const rsv1 = 4

// deflation compresses and inflates the messages of a session. Its two halves
// belong to the player and to the reader.
type deflation struct {
	out      *deflate.Compressor
	message  []byte // buffers
	payload  []byte
	in       *deflate.Inflater
	expected int         // octets of the next message, by the last one
	spare    chan []byte // of a message that has been dealt with
}

// agree puts what was agreed on into effect, before the session starts.
func (s *Session) agree(a agreement) {
	ours, theirs := a.client, a.server
	if s.role == wire.Server {
		ours, theirs = theirs, ours
	}
	s.deflation = &deflation{out: deflate.NewCompressor(ours), in: deflate.NewInflater(theirs), spare: make(chan []byte, 1)}
}

// meanings returns the reserved bits that have a meaning.
func (s *Session) meanings() uint8 {
	if s.deflation != nil {
		return rsv1
	}
	return 0
}

// blocksOf returns how a message of so many octets is compressed.
func blocksOf(kind conformance.Blocks, octets int) deflate.Blocks {
	switch kind {
	case conformance.Stored:
		return deflate.Blocks{Kind: deflate.Stored}
	case conformance.Several:
		return deflate.Blocks{Octets: octets/3 + 1, Flush: true}
	}
	return deflate.Blocks{}
}

// compress compresses a message, after those before, in blocks of a kind. The
// payload is valid until the next call.
func (d *deflation) compress(message conformance.Frame, kind conformance.Blocks) []byte {
	d.message = message.Payload.Append(d.message[:0], 0, message.Payload.Len())
	d.payload = d.out.AppendBlocks(d.payload[:0], d.message, blocksOf(kind, len(d.message)))
	return d.payload
}

// sendDeflated sends a message as it was compressed, cut into fragments of so
// many octets if that is not 0.
func (s *Session) sendDeflated(message conformance.Frame, compressed []byte, fragment int, wait time.Duration) error {
	w := &sender{s: s, wait: wait}
	s.out = s.out[:0]
	message.Bits |= rsv1
	for rest, last := compressed, false; !last && w.err == nil; {
		n := len(rest)
		if fragment > 0 {
			n = min(n, fragment)
		}
		last = n == len(rest)
		h := message.Header(s.role, s.key())
		h.Length, h.Fin = uint64(n), last
		w.octets(h, rest[:n], message.Payload.Len())
		rest = rest[n:]
		message.Opcode, message.Bits = wire.Continuation, 0
	}
	return w.flush(true)
}

// octets encodes a frame of a compressed message of so many octets.
func (w *sender) octets(h wire.Header, payload []byte, inflated int) {
	start := len(w.s.out)
	w.s.out = h.Append(w.s.out)
	body := len(w.s.out)
	w.s.out = append(w.s.out, payload...)
	if h.Masked {
		wire.Mask(w.s.out[body:], h.Key, 0)
	}
	r := frameRecord(conformance.Sent, h, capped(w.s.out[start:body], w.s.out[body:]), payload)
	if h.Fin {
		r.inflated = inflated
	}
	w.s.tape.add(r)
	w.flush(false)
}

// recycle takes a message back that nobody looks at any more.
func (s *Session) recycle(message []byte) {
	if s.deflation == nil {
		return
	}
	select {
	case s.deflation.spare <- message:
	default:
	}
}

// inflate turns the payload of a compressed message into an event.
func (s *Session) inflate(opcode wire.Opcode, payload []byte) event {
	d := s.deflation
	var room []byte
	select {
	case room = <-d.spare:
	default:
		room = make([]byte, 0, min(d.expected, s.limit))
	}
	message, err := d.in.Append(room[:0], payload, s.limit)
	d.expected = len(message)
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return event{kind: gotTooMuch, detail: fmt.Sprintf("a message of more than %d octets, compressed to %d", s.limit, len(payload))}
	case err != nil:
		return event{kind: gotUnlawful, detail: fmt.Sprintf("a message of %d octets that does not inflate: %v (RFC 7692 §7.2.2)", len(payload), err)}
	}
	return event{kind: gotMessage, opcode: opcode, payload: message}
}
