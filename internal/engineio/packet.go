package engineio

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// The packets of Engine.IO, by their first octet. The rest is their data.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
	packetBinary  = 'b' // a binary message in Base64, in a body
)

// A Framing is how packets share the body of a polling request or answer.
type Framing uint8

const (
	Separated Framing = iota // revision 4: 0x1e between them
	Counted                  // revision 3: "2:40", the length in UTF-16 code units
	Binary                   // revision 3: 00 02 ff "40", a digit of the length an octet
)

const separator = 0x1e

// Encode appends packets to a body. The length of an element in the binary
// framing is in octets.
func (f Framing) Encode(body []byte, packets ...string) []byte {
	for i, p := range packets {
		switch f {
		case Separated:
			if i > 0 {
				body = append(body, separator)
			}
		case Counted:
			body = strconv.AppendInt(body, int64(units(p)), 10)
			body = append(body, ':')
		case Binary:
			body = append(body, stringElement)
			at := len(body)
			body = strconv.AppendInt(body, int64(len(p)), 10)
			for ; at < len(body); at++ {
				body[at] -= '0'
			}
			body = append(body, endOfLength)
		}
		body = append(body, p...)
	}
	return body
}

// The octets of the binary framing.
const (
	stringElement = 0x00
	binaryElement = 0x01
	endOfLength   = 0xff
)

// Errors of bodies.
var (
	errEmptyPacket = errors.New("packet without a type")
	errLength      = errors.New("length of a packet is not a number")
	errShort       = errors.New("body ends within a packet")
	errUTF8        = errors.New("packet is not UTF-8")
	errElement     = errors.New("element is neither text nor binary")
)

// Decode reads the packets of a body, each with a type, in UTF-8. Those with
// binary data come as "b", and what else they hold is left out.
func (f Framing) Decode(body string) (packets []string, err error) {
	for more := true; more; {
		var p string
		p, body, more, err = f.next(body)
		switch {
		case err != nil:
			return nil, err
		case p == "":
			return nil, errEmptyPacket
		case !utf8.ValidString(p):
			return nil, errUTF8
		case p[0] == packetBinary:
			p = p[:1]
		}
		packets = append(packets, p)
	}
	return packets, nil
}

// next reads the first packet of a body, and tells whether there are more.
func (f Framing) next(body string) (packet, rest string, more bool, err error) {
	switch f {
	case Counted:
		packet, rest, err = nextCounted(body)
	case Binary:
		packet, rest, err = nextBinary(body)
	default:
		packet, rest, more = cutSeparator(body)
		return packet, rest, more, nil
	}
	return packet, rest, rest != "", err
}
