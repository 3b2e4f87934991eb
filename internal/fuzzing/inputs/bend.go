package inputs

import (
	"slices"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// A bend changes one thing of a script that has no ending. It may change what it
// is given.
type bend func(*writer, Script) Script

// bends are what is done to scripts. Some stand twice: lengths, and where writes
// end, have done the most harm.
var bends = []bend{
	dropStep, repeatStep, swapSteps, splice, insertFrame,
	flipFin, flipBits, changeOpcode, changeMask, changeKey,
	lieAboutLength, lieAboutLength, respell, changePayload, growPayload,
	cutWrites, cutWrites, rechop, joinWrites, cutOff,
}

// steps returns where the steps are that come after the opening ones.
func body(s Script) (from, n int) {
	for from < len(s) && IsOpening(s[from]) {
		from++
	}
	return from, len(s) - from
}

// dropStep leaves a step out.
func dropStep(w *writer, s Script) Script {
	from, n := body(s)
	if n < 2 {
		return s
	}
	at := from + w.IntN(n)
	return slices.Delete(s, at, at+1)
}

// repeatStep plays a step again.
func repeatStep(w *writer, s Script) Script {
	from, n := body(s)
	if n == 0 {
		return s
	}
	return slices.Insert(s, from+w.IntN(n+1), sent(s[from+w.IntN(n)])...)
}

// swapSteps lets two steps change places.
func swapSteps(w *writer, s Script) Script {
	from, n := body(s)
	if n < 2 {
		return s
	}
	i, j := from+w.IntN(n), from+w.IntN(n)
	s[i], s[j] = s[j], s[i]
	return s
}

// splice goes on with the end of another script.
func splice(w *writer, s Script) Script {
	other := w.script()
	from, n := body(other)
	if n == 0 {
		return s
	}
	at, of := body(s)
	return append(s[:at+w.IntN(of+1)], other[from+w.IntN(n):]...)
}

// insertFrame puts any frame somewhere.
func insertFrame(w *writer, s Script) Script {
	from, n := body(s)
	return slices.Insert(s, from+w.IntN(n+1), Send(w.frame()))
}

// change changes a frame that is sent.
func (w *writer) change(s Script, to func(Frame) Frame) Script {
	return w.changeSend(s, func(step SendStep) SendStep {
		if len(step.Frames) > 0 {
			i := w.IntN(len(step.Frames))
			step.Frames[i] = to(step.Frames[i])
		}
		return step
	})
}

// changeSend changes a step that sends frames.
func (w *writer) changeSend(s Script, to func(SendStep) SendStep) Script {
	from, n := body(s)
	for try := 0; n > 0 && try < 4; try++ {
		at := from + w.IntN(n)
		if step, ok := s[at].(SendStep); ok {
			s[at] = to(step)
			return s
		}
	}
	return s
}

func flipFin(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { f.NotFin = !f.NotFin; return f })
}

func flipBits(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { f.Bits ^= uint8(1 + w.IntN(7)); return f })
}

func changeOpcode(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { f.Opcode = wire.Opcode(w.IntN(16)); return f })
}

func changeMask(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { f.Masking = Wrong - f.Masking; return f })
}

func changeKey(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { return f.WithKey(w.key()) })
}

// lieAboutLength declares another length: any, or nearly the right one.
func lieAboutLength(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame {
		if w.chance(2) {
			return f.Claiming(uint64(max(f.Payload.Len()+w.IntN(17)-8, 0)))
		}
		return f.Claiming(w.claim())
	})
}

// respell spells a length in another form.
func respell(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame { return f.Spelled(one(w, wire.Form7, wire.Form16, wire.Form64)) })
}

// changePayload changes an octet of a payload, or leaves some out.
func changePayload(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame {
		octets := []byte(f.Payload.Octets())
		if len(octets) == 0 || f.Octets[1] > 0 {
			return f
		}
		if w.chance(2) {
			octets[w.IntN(len(octets))] ^= 1 << w.IntN(8)
		} else {
			octets = octets[:w.IntN(len(octets))]
		}
		f.Payload = Literal(string(octets))
		return f
	})
}

// growPayload takes another payload of a size that is drawn.
func growPayload(w *writer, s Script) Script {
	return w.change(s, func(f Frame) Frame {
		if f.Octets[1] == 0 {
			f.Payload = w.text(w.size())
		}
		return f
	})
}

// cutWrites ends writes elsewhere.
func cutWrites(w *writer, s Script) Script {
	return w.changeSend(s, func(step SendStep) SendStep {
		step.Chop, step.Cut, step.Every = 0, w.cuts(), w.every()
		return step
	})
}

// rechop sends so many octets a write.
func rechop(w *writer, s Script) Script {
	return w.changeSend(s, func(step SendStep) SendStep {
		n := 0
		for _, f := range step.Frames {
			n += f.Payload.Len()
		}
		step.Chop, step.Cut = n/256+1+w.IntN(16), nil
		return step
	})
}

// joinWrites sends all frames in one write.
func joinWrites(_ *writer, s Script) Script {
	from, _ := body(s)
	joined := SendStep{}
	rest := slices.DeleteFunc(s[from:], func(step Step) bool {
		send, ok := step.(SendStep)
		if ok = ok && send.Fragment == 0; ok {
			joined.Frames = append(joined.Frames, send.Frames...)
		}
		return ok
	})
	s = s[:from+len(rest)]
	if len(joined.Frames) == 0 {
		return s
	}
	return append(s, joined)
}

// cutOff ends all within a step, of which the rest never comes.
func cutOff(w *writer, s Script) Script {
	from, n := body(s)
	if n == 0 {
		return s
	}
	at := from + w.IntN(n)
	step, ok := s[at].(SendStep)
	if !ok {
		return s
	}
	step.Upto = 1 + w.IntN(20)
	s[at] = step
	return s[:at+1]
}
