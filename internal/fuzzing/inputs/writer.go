package inputs

import (
	"math/rand/v2"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// writer draws what one input is made of.
type writer struct {
	*rand.Rand
	source *Source
	n      int // of the input
	marked int // messages so far
}

// role is ours.
func (w *writer) role() wire.Role { return w.source.target.Device.Peer() }

// one returns one of several, each as likely.
func one[T any](w *writer, of ...T) T { return of[w.IntN(len(of))] }

// chance is true once in so many times.
func (w *writer) chance(times int) bool { return w.IntN(times) == 0 }

// literal is the size up to which a payload is drawn octet for octet, in octets:
// longer ones repeat what they begin with, which can be read in a script.
const literal = 96

// text returns the payload of the next message: its marker, and letters.
func (w *writer) text(size int) Payload {
	unit := append(make([]byte, 0, literal+16), marker(w.n, w.marked)...)
	w.marked++
	for drawn := uint64(0); len(unit) < min(size, literal); drawn /= 26 {
		if drawn < 26 {
			drawn = w.Uint64()
		}
		unit = append(unit, 'a'+byte(drawn%26))
	}
	return Repeated(string(unit), size)
}

// binary returns likewise any octets behind the marker.
func (w *writer) binary(size int) Payload {
	unit := append(make([]byte, 0, literal+16), marker(w.n, w.marked)...)
	w.marked++
	for len(unit) < min(size, literal) {
		unit = append(unit, byte(w.Uint32()))
	}
	return Repeated(string(unit), size)
}

// data returns a whole message of that size, most often text.
func (w *writer) data(size int) Frame {
	if w.chance(3) {
		return Binary(w.binary(size))
	}
	return Text(w.text(size))
}

// message returns a whole message of a size that is drawn.
func (w *writer) message() Frame { return w.data(w.size()) }

// most is the longest message that the target takes, in octets; half of what an
// input may come to at the most.
func (w *writer) most() int {
	most := maxOctets / 2
	for _, limit := range []int{w.source.target.Profile.MaxMessage, w.source.target.Profile.MaxFrame} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	return most
}

// size draws the size of a payload: short ones, those about a border, any.
func (w *writer) size() int {
	switch n := w.IntN(16); {
	case n < 9:
		return w.IntN(40)
	case n < 14:
		return min(one(w, borders...)+w.IntN(3)-1, w.most())
	case n < 15:
		return w.IntN(min(w.most(), 1500) + 1)
	}
	return w.IntN(w.most() + 1)
}

// borders are sizes at which a device changes its mind: lengths of 7 and 16
// bits, and buffers of devices, in octets.
var borders = []int{1, 125, 126, 127, 128, 255, 256, 512, 1000, 1024, 1460, 2048, 4096, 8192, 16384, 32768}

// key draws a masking key that shows: most often of zeros.
func (w *writer) key() [4]byte {
	return one(w, [4]byte{}, [4]byte{}, [4]byte{0xff, 0xff, 0xff, 0xff}, [4]byte{0, 0, 0, 1}, [4]byte{0x81, 0x05, 0x81, 0x05})
}

// closed ends a script at the border of a frame with a Close frame: a device
// that has failed the connection never sees it, one that is lenient answers it.
func closed(steps ...Step) Script {
	return append(steps, CloseNormally())
}

// unfinished ends a script within a frame with our FIN, on which a right device
// ends too.
func unfinished(steps ...Step) Script {
	return append(steps, HalfClose(), Drop())
}

// upto sends only the first octets of frames.
func upto(octets int, frames ...Frame) Step {
	return SendStep{Frames: frames, Pace: Pace{Upto: octets}}
}

// octets returns about how many octets go out in a script, the opening
// handshake and headers aside.
func octets(script Script) (sum int) {
	frames := func(frames []Frame) {
		for _, f := range frames {
			sum += f.Payload.Len()
		}
	}
	for _, step := range script {
		switch step := step.(type) {
		case SendStep:
			frames(step.Frames)
		case TogetherStep:
			frames(step.Frames)
		case OctetsStep:
			sum += step.Octets.Len()
		case RallyStep:
			sum += step.Count * max(step.Message.Payload.Len(), step.Slice.Size)
		case BesideStep:
			sum += step.Count * octets(step.Script)
		}
	}
	return sum
}
