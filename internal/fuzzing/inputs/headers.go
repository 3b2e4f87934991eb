package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// headers are all that the first octet and the mask bit of a frame can be, with
// the mask bit as its sender must have it or not.
func headers(wrong bool) (all []Frame) {
	for op := range wire.Opcode(16) {
		for bits := range uint8(8) {
			for _, notFin := range []bool{false, true} {
				f := Frame{Opcode: op, Bits: bits, NotFin: notFin}
				if wrong {
					f.Masking = Wrong
				}
				all = append(all, f)
			}
		}
	}
	return all
}

// headed sends a frame of this header, with a payload that fits it. A message
// is begun before a continuation, and ended after a fragment.
func (w *writer) headed(h Frame) Script {
	var steps []Step
	if h.Opcode == wire.Continuation {
		steps = append(steps, Send(Text(w.text(9)).NoFin()))
	}
	h.Payload = w.text(9)
	if h.Opcode == wire.Close {
		h.Payload = Close(1000).Payload
	}
	steps = append(steps, Send(h))
	if h.NotFin {
		steps = append(steps, Send(Continuation(w.text(9))))
	}
	return closed(append(steps, Send(Text(w.text(9))))...)
}
