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
	detail  string      // of the others, in words
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
		return f.String()
	}
	f.Payload = conformance.Literal(string(e.payload[:min(len(e.payload), most)]))
	if len(e.payload) > most {
		return fmt.Sprintf("%v… (%d octets)", f, len(e.payload))
	}
	return f.String()
}

// brief puts a frame into words of bounded length.
func brief(f fmt.Stringer) string {
	const most = 200
	if s := f.String(); len(s) <= most {
		return s
	} else {
		return s[:most] + "…"
	}
}

// isPart reports whether octets begin or continue want at offset.
func isPart(want conformance.Payload, offset int, octets []byte) bool {
	to := offset + len(octets)
	return to <= want.Len() && bytes.Equal(want.Append(nil, offset, to), octets)
}
