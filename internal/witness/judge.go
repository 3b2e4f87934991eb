package witness

import (
	"fmt"
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
	if (op == wire.Text || op == wire.Binary) && !w.due.IsZero() {
		w.witness.metrics.latency.Observe(w.now.Sub(w.due).Seconds())
		w.due = time.Time{}
	}
}

// judgeHeader holds the header of a device's frame against the rules. The
// octets that are shown with it are still to come.
func (w *watch) judgeHeader(h *half) {
	s := &h.stream
	for _, v := range wire.Check(s.header, wire.Client, s.state) {
		w.pending = append(w.pending, Violation{Row: v.Row, Clause: v.Clause, Detail: v.Detail})
	}
	later := func(row, clause, detail string) {
		w.pending = append(w.pending, Violation{Row: row, Clause: clause, Detail: detail})
	}
	if h.closed {
		// "The application MUST NOT send any more data frames after sending a
		// Close frame" (RFC 6455 §5.5.1); pings and pongs are not forbidden.
		switch op := s.header.Opcode; {
		case op == wire.Close:
			later("CLS-10", "RFC 6455 §7.1.5", "a second close frame")
		case !op.IsControl():
			later("CLS-08", "RFC 6455 §5.5.1", fmt.Sprintf("a %v frame after a close frame", op))
		}
	}
	if s.header.Masked {
		w.judgeMask(s.header.Key, later)
	}
}

func (w *watch) judgeMask(key [4]byte, later func(row, clause, detail string)) {
	if key == [4]byte{} {
		later("MSK-08", "RFC 6455 §5.3", "a mask key of zero, which masks nothing")
		return
	}
	if why := w.masks.next(key); why != "" {
		later("MSK-06", "RFC 6455 §5.3", why)
	}
	if w.masks.n <= firstMasks && w.masks.predicted(w.device.masks()) {
		later("MSK-07", "RFC 6455 §5.3", "the connection begins with the mask keys of the one before")
	}
}

// judgePayload takes octets of the payload of a device's frame.
func (w *watch) judgePayload(s *stream, octets []byte) {
	if len(w.pending) > 0 && s.have >= s.size+maxShown {
		w.sayPending(s)
	}
	m := &s.message
	switch {
	case s.header.Opcode > wire.Binary:
	case m.compressed:
		w.inflating.add(octets, s.header, s.seen-uint64(len(octets)))
	case m.opcode == wire.Text && s.header.Opcode != wire.Binary && !m.bad:
		w.judgeText(s, octets)
	}
}

// judgeText checks text as it comes (RFC 6455 §8.1).
func (w *watch) judgeText(s *stream, octets []byte) {
	var buffer [2 << 10]byte
	at := s.seen - uint64(len(octets)) // in the payload
	for len(octets) > 0 {
		text := buffer[:copy(buffer[:], octets)]
		if s.header.Masked {
			wire.Mask(text, s.header.Key, int(at&3))
		}
		before := s.message.text
		if !s.message.text.Write(text) {
			bad := firstBad(before, text)
			w.badText(s, fmt.Sprintf("text that is not UTF-8 from octet %d of the message", s.message.octets+at+uint64(bad)), s.around(at+uint64(bad), text[bad]))
			return
		}
		at += uint64(len(text))
		octets = octets[len(text):]
	}
}

// firstBad finds the octet that makes text invalid.
func firstBad(u wire.UTF8, text []byte) int {
	for i := range text {
		if !u.Write(text[i : i+1]) {
			return i
		}
	}
	return len(text) - 1
}

// around returns the octet c at that place of the payload, after those before it
// if they are kept.
func (s *stream) around(place uint64, c byte) []byte {
	var buffer [kept]byte
	if payload := s.payload(buffer[:]); place < uint64(len(payload)) {
		return clone(payload[max(3, place)-3 : place+1])
	}
	return []byte{c}
}

func (w *watch) badText(s *stream, detail string, octets []byte) {
	s.message.bad = true
	w.brokeWith("UTF-07", "RFC 6455 §8.1", detail, octets, maxShown)
}

// frameEnds takes a frame that is complete.
func (w *watch) frameEnds(h *half) {
	s := &h.stream
	if h == &w.in {
		w.sayPending(s)
	}
	w.frameSeen(h)
	switch op := s.header.Opcode; {
	case op == wire.Close:
		w.closeFrame(h)
	case op == wire.Text, op == wire.Binary, op == wire.Continuation:
		s.message.octets += s.seen
		if s.header.Fin && (op != wire.Continuation || s.state.Fragmented) {
			w.messageEnds(h)
		}
	}
}

// messageEnds takes a data message that is complete.
func (w *watch) messageEnds(h *half) {
	m := &h.stream.message
	if m.opcode != wire.Text && m.opcode != wire.Binary {
		return // a reserved opcode began it
	}
	if h == &w.out {
		w.witness.metrics.out.sizes[m.opcode].Observe(float64(m.octets))
		w.device.message(wire.Server)
		return
	}
	w.witness.metrics.in.sizes[m.opcode].Observe(float64(m.octets))
	w.device.message(wire.Client)
	switch text := m.opcode == wire.Text; {
	case m.compressed:
		if row, clause, detail := w.inflating.end(text); row != "" {
			w.brokeWith(row, clause, detail, h.stream.octets(maxShown), maxShown+wire.MaxHeader)
		}
	case text && !m.bad && !m.text.Complete():
		w.badText(&h.stream, "text that ends within a character", h.stream.octets(maxShown))
	}
	if w.due.IsZero() {
		w.due = w.now
	}
}

// closeFrame takes a Close frame of either side.
func (w *watch) closeFrame(h *half) {
	s := &h.stream
	var buffer [kept]byte
	payload := s.payload(buffer[:])
	if h == &w.in && s.seen <= wire.MaxControl {
		for _, v := range wire.CheckClose(payload, wire.Client) {
			w.broke(Violation{Row: v.Row, Clause: v.Clause, Detail: v.Detail, Octets: clone(s.octets(maxShown)), More: s.seen > maxShown})
		}
	}
	h.closed = true
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

// frameSeen counts and keeps a frame, be it complete or cut off.
func (w *watch) frameSeen(h *half) {
	s := &h.stream
	d := &w.witness.metrics.in
	if h == &w.out {
		d = &w.witness.metrics.out
	}
	op := s.header.Opcode & 0xF
	d.frames[op].Inc()
	d.octets[op].Add(float64(s.seen))
	w.device.frame(w.now, s)
	w.publish(FrameSeen, func() Event { f := frameOf(w.now, s); return Event{Frame: &f} })
}

// sayPending tells of the violations that waited for the frame's octets.
func (w *watch) sayPending(s *stream) {
	for _, v := range w.pending {
		v.Octets, v.More = clone(s.octets(maxShown)), s.header.Length > maxShown
		w.broke(v)
	}
	w.pending = w.pending[:0]
}

// brokeWith tells of a violation, with the first of the octets.
func (w *watch) brokeWith(row, clause, detail string, octets []byte, most int) {
	w.broke(Violation{Row: row, Clause: clause, Detail: detail, Octets: clone(octets[:min(len(octets), most)]), More: len(octets) > most})
}

// broke counts a violation, and tells of it unless it was told often enough.
func (w *watch) broke(v Violation) {
	if w.counts == nil {
		w.counts = map[string]uint64{}
	}
	w.counts[v.Row]++
	v.Count = w.counts[v.Row]
	w.witness.metrics.violations.WithLabelValues(rowLabel(v.Row)).Inc()
	w.device.broke(v)
	if worthSaying(v.Count) {
		w.publish(RuleBroken, func() Event { return Event{Violation: &v} })
	}
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }
