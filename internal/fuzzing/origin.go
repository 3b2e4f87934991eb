package fuzzing

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// The questions here are where octets that were not due may have come from.

// beyond reports whether a message is one that a right receiver never got to:
// it came after a fault, or after our Close frame. Text that is not UTF-8 may
// come back with replacement characters.
func (j *judge) beyond(m message) bool {
	for _, a := range j.forecast.Beyond {
		if a.Opcode.IsControl() {
			continue
		}
		if bytes.Equal(a.Payload, m.payload) || !utf8.Valid(a.Payload) && bytes.Equal([]byte(string([]rune(string(a.Payload)))), m.payload) {
			return true
		}
	}
	return false
}

// ahead reports whether octets begin the payload of a frame that is not
// complete: the device took its length for a smaller one.
func (j *judge) ahead(octets []byte) bool {
	parts := j.forecast.Parts
	if !j.forecast.Within || len(parts) == 0 {
		return false
	}
	last := parts[len(parts)-1]
	return bytes.HasPrefix(last, octets) && (len(octets) < len(last) || !j.encounter.Left)
}

// leftover reports whether octets are what came of a message before we left in
// the midst of it: who passes messages on as they come may have passed on these.
func (j *judge) leftover(octets []byte) bool {
	return j.encounter.Left && (j.forecast.Within || j.forecast.Begun) && j.madeOfParts(octets)
}

// leastHidden is how many octets must agree for a frame within another to be
// more than chance.
const leastHidden = 3

// hidden reports whether a frame with this payload, a ping or of a message,
// stands somewhere within what we sent, where a right receiver sees none.
func (j *judge) hidden(payload []byte, ping bool) bool {
	if len(payload) < leastHidden {
		return false
	}
	if holdsFrame(j.octets, payload, ping, j.forecast.Starts) {
		return true
	}
	for _, part := range j.forecast.Parts {
		if holdsFrame(part, payload, ping, nil) {
			return true
		}
	}
	return false
}

// holdsFrame reports whether octets hold such a frame elsewhere than at known
// places, which are in order.
func holdsFrame(octets, payload []byte, ping bool, known []int) bool {
	for at := range octets {
		if len(known) > 0 && known[0] == at {
			known = known[1:]
			continue
		}
		in := bytes.NewReader(octets[at:])
		if op := wire.Opcode(octets[at] & 0xF); op != wire.Ping && ping || op > wire.Binary && !ping {
			continue
		}
		h, err := wire.ReadHeader(in)
		if err != nil || h.Length != uint64(len(payload)) || in.Len() < len(payload) {
			continue
		}
		inner := bytes.Clone(octets[len(octets)-in.Len():][:len(payload)])
		if h.Masked {
			wire.Mask(inner, h.Key, 0)
		}
		if bytes.Equal(inner, payload) {
			return true
		}
	}
	return false
}

// madeOfParts reports whether octets are payloads of our data frames one after
// another, some of them left out, some still masked.
func (j *judge) madeOfParts(octets []byte) bool {
	reached := map[int]bool{0: true}
	for i, part := range j.forecast.Parts {
		for at := range reached {
			for _, form := range [][]byte{part, j.forecast.Raw[i]} { // with its mask taken off, or not
				if bytes.HasPrefix(octets[at:], form) {
					reached[at+len(form)] = true
				}
			}
		}
	}
	return reached[len(octets)]
}

// altered reports whether two payloads of one length differ in a few octets.
func (j *judge) altered(got, want []byte) bool {
	if len(got) != len(want) || len(got) == 0 {
		return false
	}
	differ := 0
	for i := range got {
		if got[i] != want[i] {
			differ++
		}
	}
	return differ <= 1+len(got)/8
}

// unmasked reports whether octets are some of ours under another mask, or none.
func (j *judge) unmasked(octets []byte) bool {
	n := min(len(octets), 32)
	if n < 8 {
		return false
	}
	for at := 0; at+n <= len(j.octets); at++ {
		ours, i := j.octets[at:at+n], 4
		for i < n && octets[i]^ours[i] == octets[i-4]^ours[i-4] {
			i++
		}
		if i == n {
			return true
		}
	}
	return false
}

// heardClose returns whether a Close frame came, and its status; 0 for none.
func (j *judge) heardClose() (heard bool, code wire.StatusCode) {
	for _, h := range j.encounter.Heard {
		if h.Header.Opcode == wire.Close {
			code, _, _ = wire.SplitClose(h.Payload)
			return true, code
		}
	}
	return false, 0
}

// closeOfOurs returns the Close frame with which we began to close.
func (j *judge) closeOfOurs() (a Act, ok bool) {
	if j.encounter.First {
		return Act{}, false
	}
	for _, a := range j.forecast.all() {
		if a.Opcode == wire.Close {
			return a, true
		}
	}
	return Act{}, false
}

// weClosed reports whether we sent a Close frame.
func (j *judge) weClosed() bool {
	_, ok := j.closeOfOurs()
	return ok
}

// ourCode returns the status of our first Close frame; 0 for none.
func (j *judge) ourCode() wire.StatusCode {
	a, _ := j.closeOfOurs()
	code, _, _ := wire.SplitClose(a.Payload)
	return code
}

// either reports whether our Close frame is one that may also be refused.
func (j *judge) either() bool {
	a, _ := j.closeOfOurs()
	return a.Either
}

// weSentPong reports whether we sent this pong.
func (j *judge) weSentPong(pong []byte) bool {
	return slices.ContainsFunc(j.forecast.all(), func(a Act) bool { return a.Opcode == wire.Pong && bytes.Equal(a.Payload, pong) })
}

// answeredBeyond reports whether the device answered anything that came after
// the fault.
func (j *judge) answeredBeyond() bool {
	for _, h := range j.encounter.Heard {
		if h.Message != nil && j.beyond(message{h.Opcode, h.Message}) || h.Header.Opcode == wire.Pong {
			return true
		}
	}
	return false
}
