package echo

import (
	"encoding/binary"
	"net"
	"unicode/utf8"
)

// Frames on their way out: RFC 6455 §5.2.

// frameLen is the length of the frame that begins with p, header and payload:
// RFC 6455 §5.2. A server's frames are not masked, and p holds all the header.
func frameLen(p []byte) int {
	switch n := int(p[1]); n {
	case 126:
		return 4 + int(binary.BigEndian.Uint16(p[2:]))
	case 127:
		return 10 + int(binary.BigEndian.Uint64(p[2:]))
	default:
		return 2 + n
	}
}

// ping writes a ping between the library's frames. The library's own would drop
// the connection of a peer that takes too long to read it.
func (c *conn) ping(payload string) error {
	return c.writeFrame(append(appendHeader(nil, opcodePing, len(payload)), payload...))
}

// writeFrame writes a whole frame between the library's.
func (c *conn) writeFrame(frame []byte) error {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if c.closing {
		return net.ErrClosed // RFC 6455 §5.5.1: nothing follows a Close frame
	}
	return c.send(frame)
}

// First octets of control frames.
const (
	opcodeClose = fin | 0x8
	opcodePing  = fin | 0x9
)

// closeInvalid is a Close frame with code 1007.
var closeInvalid = []byte{0x88, 2, 1007 >> 8, 1007 & 0xff}

// sayable is frame, or, if that is a Close frame whose reason is not UTF-8, one
// with code 1007. The library answers a peer's Close frame with what it held,
// unseen; but RFC 6455 §5.5.1 demands UTF-8 of whoever sends a reason, and the
// peer's fault deserves its name.
func sayable(frame []byte) []byte {
	if frame[0] == opcodeClose && len(frame) > 4 && !utf8.Valid(frame[4:]) {
		return closeInvalid
	}
	return frame
}
