package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// framed returns a frame of any opcode.
func framed(op wire.Opcode, payload Payload) Frame { return Frame{Opcode: op, Payload: payload} }

// echoed sends a message and waits for the answer to it, if there is to be one:
// what comes after it finds a device that has nothing else to do. Some devices
// pass over an empty message.
func (w *writer) echoed(message Frame) []Step {
	if answer, _ := w.source.target.Profile.AnswerTo(message); answer == AnswerNone || message.Payload.Len() == 0 {
		return []Step{Send(message)}
	}
	return []Step{Send(message), Reply(message)}
}

// prelude is a lawful beginning, most often none.
func (w *writer) prelude() []Step {
	switch w.IntN(8) {
	case 0:
		return w.echoed(w.data(w.IntN(40)))
	case 1: // not every device sends a pong, so none is waited for
		return []Step{Send(Ping(w.text(w.IntN(20))))}
	case 2:
		return []Step{Send(w.lawful()...)}
	}
	return nil
}

// lawful is a few lawful frames, all messages whole.
func (w *writer) lawful() (frames []Frame) {
	for range 1 + w.IntN(3) {
		switch w.IntN(5) {
		case 0:
			frames = append(frames, Ping(w.text(w.IntN(126))))
		case 1:
			frames = append(frames, Pong(w.text(w.IntN(20))))
		case 2:
			frames = append(frames, w.fragments(w.message(), 1+w.IntN(5))...)
		default:
			frames = append(frames, w.message())
		}
	}
	return frames
}

// fragments cuts a message into at most so many fragments, some of them empty.
func (w *writer) fragments(message Frame, most int) (frames []Frame) {
	if limit := w.source.target.Profile.MaxFragments; limit > 0 {
		most = min(most, limit)
	}
	octets := message.Payload.Octets()
	for at := 0; ; {
		end := len(octets)
		if len(frames) < most-1 {
			end = at + w.IntN(len(octets)-at+1)
		}
		f := message
		f.Payload = Literal(octets[at:end])
		if len(frames) > 0 {
			f.Opcode, f.Bits = wire.Continuation, 0
		}
		f.NotFin = len(frames) < most-1
		frames = append(frames, f)
		at = end
		if !f.NotFin {
			return frames
		}
	}
}

// frame returns any frame of any header; one that departs from the lawful in
// one thing is likelier than one that departs in all.
func (w *writer) frame() Frame {
	f := w.data(w.IntN(60))
	for range 1 + w.IntN(2) {
		switch w.IntN(7) {
		case 0:
			f.NotFin = !f.NotFin
		case 1:
			f = f.RSV(uint8(1 + w.IntN(7)))
		case 2, 3:
			f.Opcode = wire.Opcode(w.IntN(16))
		case 4:
			f.Masking = Wrong
		case 5:
			f = f.WithKey(w.key())
		case 6:
			f.Form = one(w, wire.Form16, wire.Form64)
		}
	}
	return f
}
