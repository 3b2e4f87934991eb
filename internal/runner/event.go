package runner

import (
	"bytes"
	"fmt"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// event is something that the device did.
type event struct {
	kind    eventKind
	opcode  wire.Opcode // of gotMessage and gotControl
	payload []byte      // of gotMessage and gotControl
	detail  string      // of the others, in words; of a message what is to be said beside it
}

type eventKind uint8

const (
	gotMessage  eventKind = iota + 1 // a whole data message
	gotControl                       // a control frame
	gotUnlawful                      // a frame that no endpoint may send
	gotTooMuch                       // a message above the limit
	gotEnd                           // the end of TCP, or a reset
)

// over reports whether the connection is at its end: a Close frame, or less.
func (e event) over() bool {
	return e.kind == gotEnd || e.kind == gotControl && e.opcode == wire.Close
}

// is reports whether e is exactly this message.
func (e event) is(want conformance.Frame) bool {
	return e.kind == gotMessage && e.opcode == want.Opcode && want.Payload.Equal(e.payload)
}

// String puts the event into words of bounded length.
func (e event) String() string {
	const most = 100 // octets of payload
	if e.kind != gotMessage && e.kind != gotControl {
		return e.detail
	}
	f := conformance.Frame{Opcode: e.opcode}
	if repeated, ok := conformance.FindRepetition(e.payload); ok && len(e.payload) > most {
		f.Payload = repeated
		return f.String() + e.detail
	}
	f.Payload = conformance.Literal(string(e.payload[:min(len(e.payload), most)]))
	if len(e.payload) > most {
		return fmt.Sprintf("%v… (%d octets)%s", f, len(e.payload), e.detail)
	}
	return brief(f) + e.detail
}

// Apart says from which octet on a message is another than the one that is wanted,
// or that it is longer or shorter; "" if anybody can see that, of a short one.
func Apart(got, want []byte) string {
	const shown = 32 // octets
	if len(got) < shown {
		return ""
	}
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf(": octet %d is %#02x, wanted %#02x", i+1, got[i], want[i])
		}
	}
	if len(got) == len(want) {
		return ""
	}
	return fmt.Sprintf(": %d octets, wanted %d", len(got), len(want))
}

// brief puts a frame into words of bounded length.
func brief(f fmt.Stringer) string {
	const most = 200
	s := f.String()
	if frame, ok := f.(conformance.Frame); ok && frame.Payload.Len() == 0 && !frame.Opcode.IsControl() {
		s += ` ""`
	}
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// isPart reports whether octets begin or continue want at offset.
func isPart(want conformance.Payload, offset int, octets []byte) bool {
	to := offset + len(octets)
	return to <= want.Len() && bytes.Equal(want.Append(nil, offset, to), octets)
}
