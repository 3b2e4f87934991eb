package witness

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"wsprobe/internal/wire"
)

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
	if s.header.RSV&4 != 0 && s.state.RSV == 0 && w.offersDeflate && s.header.Opcode <= wire.Binary {
		later("EXT-02", "RFC 6455 §9.1", "RSV1, although permessage-deflate was offered in vain")
	}
	if h.closed {
		// "The application MUST NOT send any more data frames after sending a
		// Close frame" (RFC 6455 §5.5.1); pings and pongs are not forbidden.
		switch op := s.header.Opcode; {
		case op == wire.Close:
			later("CLS-10", "RFC 6455 §7.1.5", "a second close frame")
		case !op.IsControl():
			later("CLS-08", "RFC 6455 §5.5.1", fmt.Sprintf("a %s after a close frame", op.Frame()))
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
	why := w.masks.next(key)
	if w.masks.n <= fewMasks {
		why = w.device.again(&w.masks)
	}
	if why != "" {
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
	at := s.seen - uint64(len(octets)) // in the payload
	for len(octets) > 0 && !s.message.bad {
		n := 0
		if s.message.text.Complete() {
			n = ascii(octets, s.header, at)
		}
		if n == 0 {
			n = w.judgeSome(s, octets, at)
		}
		at += uint64(n)
		octets = octets[n:]
	}
}

// judgeSome checks some octets, which are at that place of the payload, and
// returns how many.
func (w *watch) judgeSome(s *stream, octets []byte, at uint64) int {
	var buffer [512]byte
	text := buffer[:copy(buffer[:], octets)]
	if s.header.Masked {
		wire.Mask(text, s.header.Key, int(at&3))
	}
	before := s.message.text
	if !s.message.text.Write(text) {
		bad := firstBad(before, text)
		w.badText(s, fmt.Sprintf("text that is not UTF-8 from octet %d of the message", s.message.octets+at+uint64(bad)), s.around(at+uint64(bad), text[bad]))
	}
	return len(text)
}

// ascii returns how many octets at the beginning of b, which are at that place of
// a frame's payload, are ASCII: most text is nothing else, and it need not be
// unmasked to tell.
func ascii(b []byte, h wire.Header, at uint64) (n int) {
	key := bits.RotateLeft64(uint64(binary.LittleEndian.Uint32(h.Key[:]))<<32|uint64(binary.LittleEndian.Uint32(h.Key[:])), -8*int(at&3))
	const high, step = 0x8080808080808080, 32
	key &= high
	for ; len(b)-n >= step; n += step {
		w := b[n : n+step : n+step]
		// Each of the words has its high bits where the key has them.
		if ((binary.LittleEndian.Uint64(w)^key)|(binary.LittleEndian.Uint64(w[8:])^key)|
			(binary.LittleEndian.Uint64(w[16:])^key)|(binary.LittleEndian.Uint64(w[24:])^key))&high != 0 {
			break
		}
	}
	for ; n < len(b) && (b[n]^h.Key[(at+uint64(n))&3])&0x80 == 0; n++ {
	}
	return n
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
	if w.objected.Row == "" && !w.in.closed && v.binds() {
		w.objected, w.lawful = v, w.frameAt
	}
	w.witness.metrics.violations.WithLabelValues(rowLabel(v.Row)).Inc()
	w.device.broke(v)
	if worthSaying(v.Count) {
		w.publish(RuleBroken, func() Event { return Event{Violation: &v} })
	}
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }
