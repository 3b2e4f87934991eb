package simulated

import (
	"context"
	"fmt"
	"io"

	"wsprobe/internal/wire"
)

// Uwebsockets runs the example of danni/uwebsockets, a client for MicroPython,
// with the server at address: it sends its name and shows both that and the
// greeting, as "> name" and "< Hello name!".
func Uwebsockets(ctx context.Context, address, path, name string, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := openUwebsockets(ctx, address, path)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "> %s\n", name)
	if err := c.write(maskedFrame(wire.Text, name)...); err != nil {
		return err
	}
	greeting, err := c.message()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "< %s\n", greeting)
	return c.leave()
}

// openUwebsockets is the opening handshake, one write a line. Of the answer only
// the beginning of the first line matters.
func openUwebsockets(ctx context.Context, address, path string) (*clientConn, error) {
	c, err := dialServer(ctx, address)
	if err != nil {
		return nil, err
	}
	err = c.write(
		"GET "+path+" HTTP/1.1\r\n",
		"Host: "+address+"\r\n",
		"Connection: Upgrade\r\n",
		"Upgrade: websocket\r\n",
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
		"Sec-WebSocket-Version: 13\r\n",
		"Origin: http://"+address+"\r\n",
		"\r\n")
	if err != nil {
		return nil, err
	}
	_, err = c.head("HTTP/1.1 101 ")
	return c, err
}

// leave sends a Close frame and closes TCP without waiting: the reset that
// follows is the normal end of a good run.
func (c *clientConn) leave() error {
	defer c.Close()
	return c.write(maskedFrame(wire.Close, "\x03\xe8")...)
}
