package conformance

import (
	"encoding/binary"
	"fmt"
	"strings"

	"wsprobe/internal/wire"
)

// Masking says whether a frame obeys the masking rule of its sender.
type Masking uint8

// ByRole masks as a client and does not as a server (RFC 6455 §5.1); Wrong is
// the opposite.
const (
	ByRole Masking = iota
	Wrong
)

// Key is a masking key; one that is not fixed is drawn.
type Key struct {
	Fixed  bool
	Octets [4]byte
}

// Claim is a declared length that need not be the payload's.
type Claim struct {
	Made   bool
	Length uint64 // octets
}

// Frame is a frame to send or a message to await. Its zero fields are the
// lawful choice, and what the role decides is left to the role. Frames are
// comparable.
type Frame struct {
	Opcode  wire.Opcode
	Payload Payload
	NotFin  bool            // more fragments follow
	Bits    uint8           // reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1
	Masking Masking         // who masks
	Key     Key             // to mask with
	Claim   Claim           // a length that lies
	Form    wire.LengthForm // a length that is spelled otherwise
	Octets  [2]int          // only these octets of the payload, and the header if the first is 0; {0, 0} is all
}

// A text is octets written out, or a Payload.
type text interface{ string | Payload }

func payloadOf[T text](t T) Payload {
	switch t := any(t).(type) {
	case Payload:
		return t
	case string:
		return Literal(t)
	}
	return Payload{}
}

// Text returns a text frame.
func Text[T text](t T) Frame { return Frame{Opcode: wire.Text, Payload: payloadOf(t)} }

// Binary returns a binary frame.
func Binary[T text](t T) Frame { return Frame{Opcode: wire.Binary, Payload: payloadOf(t)} }

// Continuation returns a continuation frame.
func Continuation[T text](t T) Frame { return Frame{Opcode: wire.Continuation, Payload: payloadOf(t)} }

// Ping returns a ping.
func Ping[T text](t T) Frame { return Frame{Opcode: wire.Ping, Payload: payloadOf(t)} }

// Pong returns a pong.
func Pong[T text](t T) Frame { return Frame{Opcode: wire.Pong, Payload: payloadOf(t)} }

// Reserved returns a frame with an opcode that has no meaning.
func Reserved[T text](op wire.Opcode, t T) Frame { return Frame{Opcode: op, Payload: payloadOf(t)} }

// RawClose returns a Close frame with this payload, status or not.
func RawClose[T text](t T) Frame { return Frame{Opcode: wire.Close, Payload: payloadOf(t)} }

// Close returns a Close frame with a status and a reason.
func Close(code wire.StatusCode, reason ...string) Frame {
	return RawClose(string(binary.BigEndian.AppendUint16(nil, uint16(code))) + strings.Join(reason, ""))
}

// NoFin returns f with the FIN bit clear: more fragments are to follow.
func (f Frame) NoFin() Frame { f.NotFin = true; return f }

// RSV returns f with reserved bits set.
func (f Frame) RSV(bits uint8) Frame { f.Bits = bits & 7; return f }

// WronglyMasked returns f unmasked from a client, masked from a server.
func (f Frame) WronglyMasked() Frame { f.Masking = Wrong; return f }

// WithKey returns f masked with a key, if it is masked at all.
func (f Frame) WithKey(octets [4]byte) Frame { f.Key = Key{true, octets}; return f }

// Claiming returns f with a declared length of n octets, whatever it carries.
func (f Frame) Claiming(n uint64) Frame { f.Claim = Claim{true, n}; return f }

// Spelled returns f with its length in the given form.
func (f Frame) Spelled(form wire.LengthForm) Frame { f.Form = form; return f }

// Part returns octets i to j of f's payload, led by f's header if i is 0: f in
// several writes.
func (f Frame) Part(i, j int) Frame { f.Octets = [2]int{i, j}; return f }

// Fragment returns the i'th fragment, from 0, when f is cut into frames of n
// payload octets, and whether it is the last.
func (f Frame) Fragment(i, n int) (fragment Frame, last bool) {
	from, to := i*n, min((i+1)*n, f.Payload.Len())
	fragment = f
	fragment.Payload = f.Payload.Part(from, to)
	if i > 0 {
		fragment.Opcode, fragment.Bits = wire.Continuation, 0
	}
	last = to == f.Payload.Len()
	fragment.NotFin = f.NotFin || !last
	return fragment, last
}

// Header returns the header of f as the role sends it. A masking key is the
// caller's to choose.
func (f Frame) Header(role wire.Role, key [4]byte) wire.Header {
	if f.Key.Fixed {
		key = f.Key.Octets
	}
	h := wire.Header{
		Fin: !f.NotFin, RSV: f.Bits, Opcode: f.Opcode,
		Masked: role.Masks() != (f.Masking == Wrong), Key: key,
		Length: uint64(f.Payload.Len()), Form: f.Form,
	}
	if f.Claim.Made {
		h.Length = f.Claim.Length
	}
	return h
}

// String returns the textual form.
func (f Frame) String() string {
	var b strings.Builder
	b.WriteString(f.Opcode.String())
	if f.NotFin {
		b.WriteString(" fin=0")
	}
	if f.Bits != 0 {
		fmt.Fprintf(&b, " rsv=%d", f.Bits)
	}
	if f.Masking == Wrong {
		b.WriteString(" mask=wrong")
	}
	if f.Key.Fixed {
		fmt.Fprintf(&b, " key=%x", f.Key.Octets)
	}
	if f.Claim.Made {
		fmt.Fprintf(&b, " length=%d", f.Claim.Length)
	}
	if f.Form != wire.Shortest {
		fmt.Fprintf(&b, " form=%d", f.Form)
	}
	if f.Octets != [2]int{} {
		fmt.Fprintf(&b, " octets=%d:%d", f.Octets[0], f.Octets[1])
	}
	code, reason, ok := f.status()
	switch {
	case ok && reason.Len() > 0:
		fmt.Fprintf(&b, " %d %v", code, reason)
	case ok:
		fmt.Fprintf(&b, " %d", code)
	case f.Payload.Len() > 0 && f.Opcode == wire.Binary:
		b.WriteString(" " + f.Payload.octetsString())
	case f.Payload.Len() > 0:
		fmt.Fprintf(&b, " %v", f.Payload)
	}
	return b.String()
}

// maxReason bounds the reason that is written beside the status of a Close
// frame, in octets; lawful are 123.
const maxReason = 1 << 16

// status returns the status and the reason of a Close frame if it is to be
// written with them: if they make the same payload again.
func (f Frame) status() (code wire.StatusCode, reason Payload, ok bool) {
	if f.Opcode != wire.Close || f.Payload.Len() > 2+maxReason {
		return 0, Payload{}, false
	}
	code, octets, ok := wire.SplitClose([]byte(f.Payload.Octets()))
	return code, Literal(string(octets)), ok && Close(code, string(octets)).Payload == f.Payload
}

// framesString joins frames as they stand in a line of a script.
func framesString(frames []Frame) string {
	var b strings.Builder
	for i, f := range frames {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.String())
	}
	return b.String()
}
