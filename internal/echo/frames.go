package echo

import (
	"encoding/binary"
	"net"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// Frames on their way out: RFC 6455 §5.2.

// writeFrame writes a frame between the library's, with one system call. The
// library would write what its buffer holds apart from the rest of a long frame,
// and take several locks for each.
func (c *conn) writeFrame(first byte, payload *buffer) error {
	c.lock()
	defer c.unlock()
	if c.closing {
		return net.ErrClosed // RFC 6455 §5.5.1: nothing follows a Close frame
	}
	return c.send(payload.frame(first))
}

// control writes a control frame. The library's own would drop the connection of a
// peer that takes too long to read it, or what is written before it.
func (c *conn) control(opcode byte, payload string) error {
	b := c.pool.with([]byte(payload))
	defer c.pool.put(b)
	return c.writeFrame(fin|opcode, b)
}

// sayable is frame, or, if that is a Close frame whose reason is not UTF-8, one
// with code 1007. The library answers a peer's Close frame with what it held,
// unseen; but RFC 6455 §5.5.1 demands UTF-8 of whoever sends a reason, and the
// peer's fault deserves its name.
func sayable(frame []byte) []byte {
	if frame[0] == fin|opcodeClose && len(frame) > 4 && !utf8.Valid(frame[4:]) {
		code := uint16(websocket.StatusInvalidFramePayloadData)
		return binary.BigEndian.AppendUint16([]byte{fin | opcodeClose, 2}, code)
	}
	return frame
}
