package conformance

import (
	"slices"
	"time"
)

// Needs is what a script asks of a device, computed from its steps.
type Needs struct {
	Message     int           // octets of the largest message
	Frame       int           // octets of the largest payload of a data frame
	Fragments   int           // data frames of the message that has most of them
	Connections int           // at once
	Deflate     bool          // compression, or UNIMPLEMENTED
	Pause       time.Duration // spent waiting even if the device answers at once
}

// Needs computes what the case asks of a device.
func (c Case) Needs() Needs { return c.Script.Needs() }

// Needs computes what the script asks of a device.
func (s Script) Needs() Needs {
	n := Needs{Connections: 1}
	var open message
	for _, step := range s {
		switch step := step.(type) {
		case SendStep:
			open = n.frames(open, step.Frames, step.Fragment)
			n.Pause += step.Waits()
		case OctetsStep:
			n.Pause += step.Waits()
		case TogetherStep:
			open = n.frames(open, step.Frames, 0)
		case RallyStep:
			n.rally(step)
		case QuietStep:
			n.Pause += step.For
		case StallStep:
			n.Pause += step.For
		case UnansweredStep:
			n.Pause += step.For
		case RequestStep:
			n.Pause += step.Waits()
			if neverEnds(step.Edits) {
				n.Pause += unanswered
			}
		case ResponseStep:
			n.Pause += step.Waits()
		case DeflateStep:
			n.Deflate = true
		case BesideStep:
			inner := step.Script.Needs()
			n.add(message{inner.Message, inner.Fragments}, inner.Frame)
			n.Connections += step.Count
			n.Deflate = n.Deflate || inner.Deflate
			n.Pause += inner.Pause
		}
	}
	return n
}

// message is the size of a message so far.
type message struct{ octets, fragments int }

// frames adds up frames that continue the open message, longer ones cut into
// fragments, and returns what is open after them.
func (n *Needs) frames(open message, frames []Frame, fragment int) message {
	for _, f := range frames {
		if f.Opcode.IsControl() || f.Octets[0] > 0 {
			continue
		}
		size, count := f.Payload.Len(), 1
		open.octets += size
		if fragment > 0 && size > fragment {
			size, count = fragment, (size+fragment-1)/fragment
		}
		open.fragments += count
		n.add(open, size)
		if !f.NotFin {
			open = message{}
		}
	}
	return open
}

// rally adds up one message of many. Compressed, it may be shorter.
func (n *Needs) rally(step RallyStep) {
	octets := step.Message.Payload.Len()
	if step.Slice != (Slice{}) {
		octets = step.Slice.Corpus.most(step.Slice.Size)
	}
	frame, fragments := octets, 1
	if step.Fragment > 0 && octets > step.Fragment {
		frame, fragments = step.Fragment, (octets+step.Fragment-1)/step.Fragment
	}
	n.add(message{octets, fragments}, frame)
}

func (n *Needs) add(m message, frame int) {
	n.Message = max(n.Message, m.octets)
	n.Fragments = max(n.Fragments, m.fragments)
	n.Frame = max(n.Frame, frame)
}

// unanswered is about how long a handshake takes that nobody completes.
const unanswered = 5 * DefaultPatience

// neverEnds reports whether edits leave a head without its blank line, so that
// the peer waits for more.
func neverEnds(edits []Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool { return e.Op == EditLineEnd && e.Value.Len() == 0 })
}
