package echo

import (
	"encoding/binary"
	"net"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// Frames on their way out to the socket.

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

// A sender takes a frame in parts. [conn.Write] is the library's, and takes what it
// gets for a whole control frame.
type sender struct{ *conn }

func (s sender) Write(p []byte) (int, error) {
	if err := s.send(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// send writes to the socket, at once or as the drip has it.
func (c *conn) send(p []byte) error {
	step := atOnce
	if c.drip.octets > 0 {
		step = c.drip.octets
	}
	for len(p) > 0 {
		n := min(len(p), step)
		if err := c.sendOnce(p[:n]); err != nil {
			return err
		}
		if p = p[n:]; len(p) > 0 && c.drip.octets > 0 {
			if err := c.drip.wait(c.drip.every); err != nil {
				c.broken = err
				return err
			}
		}
	}
	return nil
}

// sendOnce writes within the limit of time.
func (c *conn) sendOnce(p []byte) error {
	if c.broken != nil {
		return c.broken // the library knows by it that there is nobody to wait for
	}
	c.limitNextWrite()
	_, err := c.Conn.Write(p)
	if c.secured {
		// TLS may write at any time, to answer a key update.
		c.limitWrite(time.Time{})
		c.renewal = time.Time{}
	}
	c.broken = err
	return err
}
