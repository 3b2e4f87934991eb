package simulated

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// maxAnswer bounds what a client takes, in octets: a head, a body or a frame.
const maxAnswer = 64 << 10

// A clientConn is the device's end of a connection to a server.
type clientConn struct {
	net.Conn
	in *bufio.Reader
}

// dialServer connects. The connection is closed when ctx ends.
func dialServer(ctx context.Context, address string) (*clientConn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return &clientConn{conn, bufio.NewReader(conn)}, nil
}

// write makes one write of each piece.
func (c *clientConn) write(pieces ...string) error {
	for _, piece := range pieces {
		if _, err := io.WriteString(c, piece); err != nil {
			return err
		}
	}
	return nil
}

// head reads the head of an answer, whose status line has to begin so.
func (c *clientConn) head(status string) (handshake.Response, error) {
	head, err := handshake.ReadResponse(c.in, maxAnswer)
	if err == nil && !strings.HasPrefix(head.Raw, status) {
		line, _, _ := strings.Cut(head.Raw, "\r\n")
		err = fmt.Errorf("status line %q", line)
	}
	return head, err
}

// errServerClosed is a Close frame of the server.
var errServerClosed = errors.New("server closed")

// message reads the next message, which has to be one frame, and answers pings
// on the way.
func (c *clientConn) message() (string, error) {
	for {
		h, err := wire.ReadHeader(c.in)
		switch {
		case err != nil:
			return "", err
		case h.Masked || !h.Fin || h.Length > maxAnswer:
			return "", fmt.Errorf("a frame no device takes: %v", h)
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(c.in, payload); err != nil {
			return "", err
		}
		switch h.Opcode {
		case wire.Close:
			return "", errServerClosed
		case wire.Ping:
			if err := c.write(maskedFrame(wire.Pong, string(payload))...); err != nil {
				return "", err
			}
		case wire.Pong:
		default:
			return string(payload), nil
		}
	}
}

// maskedFrame is a frame in the pieces that small clients write: header, mask,
// payload.
func maskedFrame(op wire.Opcode, payload string) []string {
	key := [4]byte{0x5a, 0xa5, 0x0f, 0xf0}
	header := wire.Header{Fin: true, Opcode: op, Masked: true, Key: key, Length: uint64(len(payload))}.Append(nil)
	masked := []byte(payload)
	wire.Mask(masked, key, 0)
	mask := len(header) - len(key)
	return []string{string(header[:mask]), string(header[mask:]), string(masked)}
}
