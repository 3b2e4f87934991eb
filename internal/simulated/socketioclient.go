package simulated

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"wsprobe/internal/wire"
)

// A SocketIOclient is the class of that name in arduinoWebSockets: its request
// for a sid and its opening handshake go over one connection.
type SocketIOclient struct {
	ws       *clientConn
	revision int
}

// DialSocketIOclient connects to a server as the class does, with 3 or 4 for the
// revision of Engine.IO. It reads no answer to its probe. The connection ends
// with ctx.
func DialSocketIOclient(ctx context.Context, address, path string, revision int) (*SocketIOclient, error) {
	conn, err := dialServer(ctx, address)
	if err != nil {
		return nil, err
	}
	c := &SocketIOclient{ws: conn, revision: revision}
	target := fmt.Sprintf("%s?EIO=%d", path, revision)
	sid, err := c.poll(target, address)
	if err != nil {
		return nil, fmt.Errorf("sid: %w", err)
	}
	if err := c.open(target+"&transport=websocket&sid="+sid, address); err != nil {
		return nil, fmt.Errorf("opening handshake: %w", err)
	}
	if err := c.Send("2probe"); err != nil {
		return nil, err
	}
	return c, c.Send("5")
}

// poll asks for a sid. The class reads what has come, at most 256 octets at a
// time, takes the first piece with a sid in it, and throws the rest away.
func (c *SocketIOclient) poll(target, address string) (sid string, err error) {
	err = c.ws.write("GET " + target + "&transport=polling HTTP/1.1\r\n" +
		"Host: " + address + "\r\n" +
		"Connection: keep-alive\r\n" +
		"Origin: file://\r\n" +
		"User-Agent: arduino-WebSocket-Client\r\n\r\n")
	if err != nil {
		return "", err
	}
	head, err := c.ws.head("HTTP/1.1 200")
	if err != nil {
		return "", err
	}
	if strings.Contains(head.Raw, "Connection: close") {
		return "", errors.New("the connection is to be closed")
	}
	if c.ws.in.Buffered() == 0 {
		return "", errors.New("the body did not come with the head")
	}
	piece, _ := c.ws.in.Peek(min(c.ws.in.Buffered(), 256))
	_, behind, found := strings.Cut(string(piece), `"sid":"`)
	sid, _, ended := strings.Cut(behind, `"`)
	if !found || !ended {
		return "", fmt.Errorf("none in %q", piece)
	}
	_, err = c.ws.in.Discard(c.ws.in.Buffered())
	return sid, err
}

func (c *SocketIOclient) open(target, address string) error {
	err := c.ws.write("GET " + target + " HTTP/1.1\r\n" +
		"Host: " + address + "\r\n" +
		"Connection: Upgrade\r\n" +
		"Upgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Protocol: arduino\r\n" +
		"Origin: file://\r\n" +
		"User-Agent: arduino-WebSocket-Client\r\n\r\n")
	if err != nil {
		return err
	}
	_, err = c.ws.head("HTTP/1.1 101")
	return err
}

// Send sends a packet, with a mask of zero and the header on its own.
func (c *SocketIOclient) Send(packet string) error {
	header := wire.Header{Fin: true, Opcode: wire.Text, Masked: true, Length: uint64(len(packet))}
	return c.ws.write(string(header.Append(nil)), packet)
}

// Receive reads the next packet for the sketch: pings are answered, and what the
// class ignores is left out.
func (c *SocketIOclient) Receive() (string, error) {
	for {
		packet, err := c.ws.message()
		if err != nil {
			return "", err
		}
		switch {
		case packet == "":
		case packet[0] == '2':
			if err := c.Send("3" + packet[1:]); err != nil {
				return "", err
			}
		case packet[0] == '4':
			return packet, nil
		}
	}
}

// Leave ends the connection as the class does: a Close frame, then TCP.
func (c *SocketIOclient) Leave() error { return c.ws.leave() }
