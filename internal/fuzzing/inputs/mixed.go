package inputs

import (
	"slices"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// bendable returns what of the corpus' scripts can be bent: opening steps and
// what is sent. What is awaited would not be told apart any more.
func bendable(t Target) (all []Script) {
	limits := t.Profile
	limits.DeviceRole = t.Device
	for _, c := range t.Corpus {
		var s Script
		for _, step := range c.Script {
			s = append(s, sent(step)...)
		}
		if slices.ContainsFunc(s, waits) || limits.Beyond(Case{Script: s}) != "" || !sends(s) || !(t.Destructive || octets(s) <= maxOctets) {
			continue
		}
		all = append(all, s)
	}
	return all
}

// waits reports whether a step leaves the device waiting for the rest of the
// opening handshake.
func waits(step Step) bool {
	var edits []Edit
	switch step := step.(type) {
	case RequestStep:
		edits = step.Edits
	case ResponseStep:
		edits = step.Edits
	}
	return slices.ContainsFunc(edits, func(e Edit) bool {
		return e.Op == EditLineEnd && e.Value.Octets() != "\n" && e.Value.Octets() != "\r\n"
	})
}

// sends reports whether anything is sent, or opened otherwise than most are.
func sends(s Script) bool {
	return slices.ContainsFunc(s, func(step Step) bool {
		switch step.(type) {
		case SendStep, RequestStep, ResponseStep, TogetherStep:
			return true
		}
		return false
	})
}

// sent returns a step if it sends or opens, the first messages of a rally each
// in a write, and nothing of the others.
func sent(step Step) Script {
	switch step := step.(type) {
	case RequestStep:
		step.After, step.Every = 0, min(step.Every, apart)
		return Script{step}
	case ResponseStep:
		step.After, step.Every = 0, min(step.Every, apart)
		return Script{step}
	case TogetherStep, DeflateStep, OctetsStep:
		return Script{step}
	case SendStep:
		step.Frames = slices.Clone(step.Frames)
		return Script{step}
	case RallyStep:
		var s Script
		for message := range step.Messages() {
			if s = append(s, Send(message)); len(s) == 3 {
				break
			}
		}
		return s
	}
	return nil
}

func mixedBoundaries(Target) []maker { return nil } // the suite has played them

// drawMixed bends a script of the corpus: once most often, seldom more often.
func drawMixed(w *writer) Script {
	s := w.script()
	for bent := 0; bent == 0 || bent < 6 && w.chance(2); bent++ {
		s = one(w, bends...)(w, s)
	}
	return w.ended(s)
}

// script returns a script of the corpus, without an ending.
func (w *writer) script() (s Script) {
	if len(w.source.corpus) == 0 {
		return Script{Send(w.message())}
	}
	for _, step := range one(w, w.source.corpus...) {
		s = append(s, sent(step)...)
	}
	return s
}

// ended ends a script by evidence.
func (w *writer) ended(s Script) Script {
	switch {
	case w.chance(40):
		return append(s, one(w, Drop(), Reset()))
	case settled(s, w.role()) && !slices.ContainsFunc(s, answers):
		return closed(s...)
	}
	return unfinished(s...)
}

// answers reports whether a step is our response, on which a client may be silent.
func answers(step Step) bool {
	_, ok := step.(ResponseStep)
	return ok
}

// settled reports whether a script is known to end at the border of a frame.
func settled(s Script, role wire.Role) bool {
	due := uint64(0) // octets of the frame that has begun
	frames := func(frames []Frame) bool {
		for _, f := range frames {
			header, declared := f.Header(role, [4]byte{}), uint64(f.Payload.Len())
			size, comes := uint64(header.Size()), declared
			switch {
			case f.Form == wire.Form7 && header.Length&0x7f > 125:
				return false // what follows is read as a length
			case f.Form == wire.Form7:
				declared = header.Length & 0x7f
			case f.Form == wire.Form16:
				declared = header.Length & 0xffff
			default:
				declared = header.Length
			}
			if f.Octets[1] > 0 {
				comes = uint64(f.Octets[1] - f.Octets[0])
			}
			switch {
			case f.Octets[0] > 0 && due >= comes:
				due -= comes
			case f.Octets[0] > 0:
				return false
			case due >= size+comes:
				due -= size + comes
			case due > 0 || declared < comes:
				return false // what follows is read as a header
			default:
				due = declared - comes
			}
		}
		return true
	}
	for _, step := range s {
		switch step := step.(type) {
		case SendStep:
			if step.Upto > 0 || step.Fragment > 0 && strange(step.Frames) || !frames(step.Frames) {
				return false
			}
		case TogetherStep:
			if !frames(step.Frames) {
				return false
			}
		case OctetsStep:
			return false
		case RequestStep:
			if step.Upto > 0 {
				return false
			}
		case ResponseStep:
			if step.Upto > 0 {
				return false
			}
		}
	}
	return due == 0
}

// strange reports whether frames have lengths that are not their own.
func strange(frames []Frame) bool {
	return slices.ContainsFunc(frames, func(f Frame) bool { return f.Claim.Made || f.Form != wire.Shortest })
}
