package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// MaxHeader is the length of the longest frame header in octets.
const MaxHeader = 14

// MaxControl is the longest payload of a control frame in octets (RFC 6455 §5.5).
const MaxControl = 125

// LengthForm is how a header spells the payload length (RFC 6455 §5.2): in 7
// bits, or in the 16 or 64 bits that follow.
type LengthForm uint8

// The forms. Shortest is the only lawful one: "the minimal number of bytes MUST
// be used to encode the length".
const (
	Shortest LengthForm = 0
	Form7    LengthForm = 7
	Form16   LengthForm = 16
	Form64   LengthForm = 64
)

// Header is a frame header as it is on the wire.
type Header struct {
	Fin    bool
	RSV    uint8 // RSV1 is 4, RSV2 is 2, RSV3 is 1
	Opcode Opcode
	Masked bool
	Key    [4]byte    // meaningless unless Masked
	Length uint64     // payload octets as declared, whatever follows
	Form   LengthForm // as read: Form7, Form16 or Form64; Shortest leaves the choice to Append
}

// ShortestForm returns the form that RFC 6455 §5.2 demands for a length.
func ShortestForm(length uint64) LengthForm {
	switch {
	case length < 126:
		return Form7
	case length <= math.MaxUint16:
		return Form16
	}
	return Form64
}

// Append appends the octets of h to b. It obeys: a length that does not fit
// its form loses its high bits, exactly as a careless encoder would lose them.
func (h Header) Append(b []byte) []byte {
	first, second := h.RSV&7<<4|byte(h.Opcode)&0xF, byte(0)
	if h.Fin {
		first |= 0x80
	}
	if h.Masked {
		second = 0x80
	}
	form := h.Form
	if form == Shortest {
		form = ShortestForm(h.Length)
	}
	switch form {
	case Form16:
		b = append(b, first, second|126)
		b = binary.BigEndian.AppendUint16(b, uint16(h.Length))
	case Form64:
		b = append(b, first, second|127)
		b = binary.BigEndian.AppendUint64(b, h.Length)
	default:
		b = append(b, first, second|byte(h.Length)&0x7F)
	}
	if h.Masked {
		b = append(b, h.Key[:]...)
	}
	return b
}

// Size returns how many octets Append writes for h.
func (h Header) Size() int {
	form, n := h.Form, 2
	if form == Shortest {
		form = ShortestForm(h.Length)
	}
	switch form {
	case Form16:
		n += 2
	case Form64:
		n += 8
	}
	if h.Masked {
		n += 4
	}
	return n
}

// HeaderSize returns how many octets a header has by its second one: 2 to
// MaxHeader.
func HeaderSize(second byte) int {
	n := 2
	switch second & 0x7F {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if second&0x80 != 0 {
		n += 4
	}
	return n
}

// DecodeHeader returns the header that b begins with. All its octets, as many as
// HeaderSize tells, must be there.
func DecodeHeader(b []byte) Header {
	h := Header{
		Fin:    b[0]&0x80 != 0,
		RSV:    b[0] >> 4 & 7,
		Opcode: Opcode(b[0] & 0xF),
		Masked: b[1]&0x80 != 0,
		Form:   Form7,
		Length: uint64(b[1] & 0x7F),
	}
	switch h.Length {
	case 126:
		h.Form, h.Length = Form16, uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		h.Form, h.Length = Form64, binary.BigEndian.Uint64(b[2:])
	}
	if h.Masked {
		n := HeaderSize(b[1])
		copy(h.Key[:], b[n-len(h.Key):n])
	}
	return h
}

// ReadHeader reads one header from r: at most MaxHeader octets, and none of
// the payload. The error is io.EOF if r ends before the first octet and
// io.ErrUnexpectedEOF if it ends within the header; then the header is void.
func ReadHeader(r io.Reader) (Header, error) {
	var b [MaxHeader]byte
	if _, err := io.ReadFull(r, b[:2]); err != nil {
		return Header{}, err
	}
	if _, err := io.ReadFull(r, b[2:HeaderSize(b[1])]); err == io.EOF {
		return Header{}, io.ErrUnexpectedEOF
	} else if err != nil {
		return Header{}, err
	}
	return DecodeHeader(b[:]), nil
}

// String describes the header in a few words, for messages.
func (h Header) String() string {
	s := h.Opcode.String()
	if !h.Fin {
		s += " fin=0"
	}
	if h.RSV != 0 {
		s += fmt.Sprintf(" rsv=%d", h.RSV)
	}
	return fmt.Sprintf("%s of %d octets", s, h.Length)
}
