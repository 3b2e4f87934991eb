package page

import (
	"fmt"
	"slices"

	"wsprobe/internal/witness"
)

// A frame is one as the page of a device shows it.
type frame struct {
	At         moment
	FromDevice bool
	What       string // "text of 5 octets"
	Says       string // the payload, decoded, as far as it says anything
	Header     string // as on the wire, hexadecimal, without the mask key
	Key        string // likewise; "" without a mask
	Dump       []dumped
	More       string // octets of the payload that the dump leaves out
}

func newFrame(f witness.Frame) frame {
	header := f.Header.Append(nil)
	shown := frame{At: moment{f.Time}, FromDevice: f.FromDevice(), What: f.Described(), Says: f.Decoded()}
	if f.Header.Masked {
		key := len(header) - len(f.Header.Key)
		shown.Key = fmt.Sprintf("% x", header[key:])
		header = header[:key]
	}
	shown.Header = fmt.Sprintf("% x", header)
	shown.Dump = dump(f.Payload)
	if left := f.Seen - uint64(len(f.Payload)); left > 0 {
		shown.More = grouped(left)
	}
	return shown
}

// Clock is the time of day, to the millisecond.
func (f frame) Clock() string { return f.At.Format("15:04:05.000") }

// A dumped piece is a few octets, hexadecimal and as ASCII.
type dumped struct{ Offset, Hex, ASCII string }

// pieceOctets is how many octets stand side by side even on a phone.
const pieceOctets = 8

func dump(payload []byte) (pieces []dumped) {
	offset := 0
	for octets := range slices.Chunk(payload, pieceOctets) {
		ascii := make([]byte, len(octets))
		for i, octet := range octets {
			ascii[i] = octet
			if octet < ' ' || octet > '~' {
				ascii[i] = '.'
			}
		}
		pieces = append(pieces, dumped{fmt.Sprintf("%02x", offset), fmt.Sprintf("% x", octets), string(ascii)})
		offset += len(octets)
	}
	return pieces
}
