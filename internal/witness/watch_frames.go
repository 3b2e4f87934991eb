package witness

import (
	"time"

	"wsprobe/internal/wire"
)

// frameOctets takes octets of one frame and returns the rest.
func (w *watch) frameOctets(h *half, b []byte) []byte {
	s := &h.stream
	if !s.begun {
		b = b[s.gather(b):]
		if !s.begun {
			return b
		}
		w.frameBegins(h)
	}
	octets := s.take(b)
	if h == &w.in {
		w.judgePayload(s, octets)
	}
	if s.complete() {
		w.frameEnds(h)
		s.reset()
	}
	return b[len(octets):]
}

// frameBegins takes a header.
func (w *watch) frameBegins(h *half) {
	s := &h.stream
	op := s.header.Opcode
	if op == wire.Text || op == wire.Binary {
		s.message = message{opcode: op, compressed: s.header.RSV&s.state.RSV&4 != 0, bad: s.header.RSV&^s.state.RSV != 0}
	}
	if h == &w.in {
		if s.message.compressed && op != wire.Continuation && !op.IsControl() {
			w.inflating.begin()
		}
		w.judgeHeader(h)
		return
	}
	if (op == wire.Text || op == wire.Binary) && !w.messageAt.IsZero() {
		w.witness.metrics.latency.Observe(w.now.Sub(w.messageAt).Seconds())
		w.messageAt = time.Time{}
	}
}

// frameEnds takes a frame that is complete.
func (w *watch) frameEnds(h *half) {
	s := &h.stream
	if h == &w.in {
		w.sayPending(s)
	}
	ends := s.endsMessage()
	w.frameSeen(h, ends)
	switch op := s.header.Opcode; {
	case op == wire.Close:
		w.closeFrame(h)
	case op == wire.Ping && h == &w.out:
		w.pinged(s)
	case op == wire.Pong && h == &w.in:
		w.ponged(s)
	case op == wire.Text, op == wire.Binary, op == wire.Continuation:
		s.message.octets += s.seen
		if ends {
			w.messageEnds(h)
		}
	}
}

// endsMessage reports whether the frame is the last of a data message, and not of
// what a reserved opcode began.
func (s *stream) endsMessage() bool {
	op := s.header.Opcode
	return s.header.Fin && (op == wire.Text || op == wire.Binary || op == wire.Continuation && s.state.Fragmented) &&
		(s.message.opcode == wire.Text || s.message.opcode == wire.Binary)
}

// messageEnds takes a data message that is complete.
func (w *watch) messageEnds(h *half) {
	m := &h.stream.message
	if h == &w.out {
		w.witness.metrics.out.sizes[m.opcode].Observe(float64(m.octets))
		return
	}
	w.witness.metrics.in.sizes[m.opcode].Observe(float64(m.octets))
	switch text := m.opcode == wire.Text; {
	case m.compressed:
		if row, clause, detail := w.inflating.end(text); row != "" {
			w.brokeWith(row, clause, detail, h.stream.octets(maxShown), maxShown+wire.MaxHeader)
		}
		if w.inflating.skipped {
			w.witness.metrics.unjudged.Inc()
		}
	case text && !m.bad && !m.text.Complete():
		w.badText(&h.stream, "text that ends within a character", h.stream.octets(maxShown))
	}
	if w.messageAt.IsZero() {
		w.messageAt = w.now
	}
}

// closeFrame takes a Close frame of either side.
func (w *watch) closeFrame(h *half) {
	s := &h.stream
	var buffer [kept]byte
	payload := s.payload(buffer[:])
	if h == &w.in && s.seen <= wire.MaxControl {
		w.judgePings()
		for _, v := range wire.CheckClose(payload, wire.Client) {
			w.broke(Violation{Row: v.Row, Clause: v.Clause, Detail: v.Detail, Octets: clone(s.octets(maxShown)), More: s.seen > maxShown})
		}
	}
	if !h.closed {
		h.closed, h.closedAt = true, w.now
	}
	if w.initiator != "" {
		return
	}
	w.initiator, w.code = byServer, "empty"
	if h == &w.in {
		w.initiator = byDevice
	}
	if code, _, ok := wire.SplitClose(payload); ok {
		w.status, w.code = code, codeLabel(code)
	}
}

// frameSeen counts and keeps a frame, be it complete or cut off. It may end a
// message.
func (w *watch) frameSeen(h *half, ends bool) {
	s := &h.stream
	d := &w.witness.metrics.in
	if h == &w.out {
		d = &w.witness.metrics.out
	}
	op := s.header.Opcode & 0xF
	d.frames[op].Inc()
	d.octets[op].Add(float64(s.seen))
	w.device.frame(w.now, s, ends)
	w.publish(FrameSeen, func() Event { f := frameOf(w.now, s); return Event{Frame: &f} })
}
