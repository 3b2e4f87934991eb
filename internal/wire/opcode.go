package wire

import "fmt"

// Opcode says how to interpret a payload (RFC 6455 §5.2). Only the low four
// bits go over the wire.
type Opcode uint8

// The opcodes of RFC 6455 §11.8. 3–7 and 11–15 are reserved.
const (
	Continuation Opcode = 0x0
	Text         Opcode = 0x1
	Binary       Opcode = 0x2
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xA
)

// IsControl reports whether op is a control opcode, defined or reserved:
// "Control frames are identified by opcodes where the most significant bit of
// the opcode is 1" (RFC 6455 §5.5).
func (op Opcode) IsControl() bool { return op&0x8 != 0 }

// IsReserved reports whether RFC 6455 gives op no meaning.
func (op Opcode) IsReserved() bool { return op&0x7 > 2 }

// Frame returns what a sentence calls a frame with the opcode: "text frame", "frame of
// the reserved opcode 3".
func (op Opcode) Frame() string {
	if op.IsReserved() {
		return fmt.Sprintf("frame of the reserved opcode %d", uint8(op))
	}
	return op.String() + " frame"
}

// String returns the opcode's name, and "opcode3" and the like for reserved ones.
func (op Opcode) String() string {
	switch op {
	case Continuation:
		return "continuation"
	case Text:
		return "text"
	case Binary:
		return "binary"
	case Close:
		return "close"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	}
	return fmt.Sprintf("opcode%d", uint8(op))
}
