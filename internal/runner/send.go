package runner

import (
	"context"
	"encoding/binary"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// writeSize is the most that goes out in one write, in octets: more would be
// cut by TCP anyway, and would have to be held.
const writeSize = 64 << 10

// sender puts octets into writes.
type sender struct {
	ctx   context.Context // of the pauses
	s     *Session
	pace  conformance.Pace
	wait  time.Duration // for the device to take a write
	gone  int           // octets that have gone out
	held  int           // octets that are not to go out
	since int           // octets written since the deadline was set
	err   error
}

// sender returns a sender that has made the first pause of its pace. It takes
// wait for a device that does not take a write.
func (s *Session) sender(ctx context.Context, pace conformance.Pace, wait time.Duration) *sender {
	s.out = s.out[:0]
	pause(ctx, pace.After)
	return &sender{ctx: ctx, s: s, pace: pace, wait: wait}
}

// send writes the frames of a step. An error is no verdict: a device that
// stops reading shows in what it says.
func (s *Session) send(ctx context.Context, step conformance.SendStep, wait time.Duration) error {
	w := s.sender(ctx, step.Pace, wait)
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
	return w.finish()
}

// sendOctets writes the octets of a step.
func (s *Session) sendOctets(ctx context.Context, step conformance.OctetsStep, wait time.Duration) error {
	w := s.sender(ctx, step.Pace, wait)
	octets := step.Octets.Octets()
	s.tape.note(conformance.Sent, []byte(octets), "octets that need be no frames")
	for rest := octets; rest != "" && w.err == nil; {
		n := min(len(rest), writeSize)
		s.out = append(s.out, rest[:n]...)
		rest = rest[n:]
		w.flush(false)
	}
	return w.finish()
}

// finish writes what is left, and notes what is not to go out.
func (w *sender) finish() error {
	w.flush(true)
	if w.held > 0 {
		w.s.tape.note(conformance.Noted, nil, "of these octets the first %d go out, and %d never", w.gone, w.held)
	}
	return w.err
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
func (w *sender) flush(all bool) {
	b := w.s.out
	for size := w.size(); len(b) >= size || all && len(b) > 0; size = w.size() {
		n := min(size, len(b))
		if w.pace.Upto > 0 && w.gone+n >= w.pace.Upto {
			w.write(b[:w.pace.Upto-w.gone])
			w.held += len(b) - (w.pace.Upto - w.gone)
			w.gone, b = w.pace.Upto, nil
			break
		}
		w.write(b[:n])
		w.gone += n
		b = b[n:]
		if w.pace.Every > 0 && len(b) > 0 {
			pause(w.ctx, w.pace.Every)
			w.since = 0 // the device has its time again
		}
	}
	w.s.out = w.s.out[:copy(w.s.out, b)]
}

// size returns how many octets the next write takes.
func (w *sender) size() int {
	if w.pace.Chop > 0 {
		return w.pace.Chop
	}
	for len(w.pace.Cut) > 0 && w.pace.Cut[0] <= w.gone {
		w.pace.Cut = w.pace.Cut[1:]
	}
	if len(w.pace.Cut) > 0 {
		return min(w.pace.Cut[0]-w.gone, writeSize)
	}
	return writeSize
}

func (w *sender) write(b []byte) {
	if w.err != nil || len(b) == 0 {
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
