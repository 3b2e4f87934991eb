package runner

import (
	"encoding/binary"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// writeSize is the most that goes out in one write, in octets: more would be
// cut by TCP anyway, and would have to be held.
const writeSize = 64 << 10

// sender puts frames into writes.
type sender struct {
	s     *Session
	chop  int           // octets a write; 0 for as few writes as possible
	wait  time.Duration // for the device to take a write
	rest  func()        // between two writes; nil for none
	since int           // octets written since the deadline was set
	err   error
}

// send writes the frames of a step. An error is no verdict: a device that
// stops reading shows in what it says.
func (s *Session) send(step conformance.SendStep, wait time.Duration) error {
	w := &sender{s: s, chop: step.Chop, wait: wait}
	s.out = s.out[:0]
	for _, f := range step.Frames {
		if step.Fragment == 0 {
			w.frame(f)
			continue
		}
		for i, last := 0, false; !last && w.err == nil; i++ {
			var fragment conformance.Frame
			fragment, last = f.Fragment(i, step.Fragment)
			w.frame(fragment)
		}
	}
	return w.flush(true)
}

// key returns the next masking key.
func (s *Session) key() (key [4]byte) {
	binary.BigEndian.PutUint32(key[:], s.keys.Uint32())
	return key
}

// frame encodes one frame, or a part of one.
func (w *sender) frame(f conformance.Frame) {
	from, to := 0, f.Payload.Len()
	if f.Octets[1] > 0 {
		from, to = f.Octets[0], f.Octets[1]
	}
	if from == 0 {
		w.s.part = w.s.key() // the parts to come have it too
	}
	h := f.Header(w.s.role, w.s.part)
	piece := func(b []byte, i, j int) []byte {
		start := len(b)
		b = f.Payload.Append(b, i, j)
		if h.Masked {
			wire.Mask(b[start:], h.Key, i)
		}
		return b
	}
	var header [wire.MaxHeader]byte
	head := header[:0]
	if from == 0 {
		head = h.Append(head)
	}
	w.s.tape.sent(f, head, to-from, func(b []byte, i, j int) []byte { return piece(b, from+i, from+j) })
	w.s.out = append(w.s.out, head...)
	for from < to && w.err == nil {
		n := min(to-from, max(writeSize-len(w.s.out), 1))
		w.s.out = piece(w.s.out, from, from+n)
		from += n
		w.flush(false)
	}
}

// flush writes what is complete: all of it at the end.
func (w *sender) flush(all bool) error {
	size := writeSize
	if w.chop > 0 {
		size = w.chop
	}
	b := w.s.out
	for len(b) >= size || all && len(b) > 0 {
		n := min(size, len(b))
		w.write(b[:n])
		if b = b[n:]; w.rest != nil && len(b) > 0 {
			w.rest()
		}
	}
	w.s.out = w.s.out[:copy(w.s.out, b)]
	return w.err
}

func (w *sender) write(b []byte) {
	if w.err != nil {
		return
	}
	if w.since == 0 {
		w.s.conn.SetWriteDeadline(time.Now().Add(w.wait))
	}
	if w.since += len(b); w.since >= writeSize {
		w.since = 0
	}
	_, w.err = w.s.conn.Write(b)
}
