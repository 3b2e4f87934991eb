package simulated

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wsprobe/internal/wire"
)

// A Usocketio is the Socket.IO client of danni/uwebsockets, for MicroPython. It
// speaks Engine.IO 3 and polls twice, each time on a connection of its own,
// before it stays with a WebSocket.
type Usocketio struct {
	ws      *clientConn
	address string
	path    string   // with the sid
	unread  []string // packets that came with the sid
}

// UsocketioPath is where the client asks if its URL has no path.
const UsocketioPath = "/socket.io/?EIO=3"

// UsocketioExample runs the client's example: it sends the event "message" with
// "hi from device", and shows each event with its value, up to the answer. Its
// server sends an event "alert" unasked, and greets.
func UsocketioExample(ctx context.Context, address, path string, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := DialUsocketio(ctx, address, path)
	if err != nil {
		return err
	}
	if err := c.Emit("message", "hi from device"); err != nil {
		return err
	}
	for name := ""; name != "message"; {
		var value string
		if name, value, err = c.Event(); err != nil {
			return err
		}
		fmt.Fprintln(out, name, value)
	}
	return c.ws.leave()
}

// DialUsocketio connects to a server as the client does, and fails where it
// does: at any other status line, Content-Type or first packet than it knows.
// The connection ends with ctx.
func DialUsocketio(ctx context.Context, address, path string) (*Usocketio, error) {
	packets, err := pollUsocketio(ctx, address, path)
	if err != nil {
		return nil, fmt.Errorf("first request: %w", err)
	}
	c := &Usocketio{address: address, unread: packets[1:]}
	if err := c.opened(packets[0], path); err != nil {
		return nil, fmt.Errorf("packet %q: %w", packets[0], err)
	}
	if c.ws, err = openUwebsockets(ctx, address, c.path+"&transport=websocket"); err != nil {
		return nil, fmt.Errorf("opening handshake: %w", err)
	}
	if err := c.send("2probe"); err != nil {
		return nil, err
	}
	if _, err := pollUsocketio(ctx, address, c.path+"&transport=polling"); err != nil {
		return nil, fmt.Errorf("second poll: %w", err)
	}
	if err := c.must("3probe"); err != nil {
		return nil, err
	}
	if err := c.send("5"); err != nil {
		return nil, err
	}
	return c, c.must("6")
}

// opened reads the packet that opens the session.
func (c *Usocketio) opened(packet, path string) error {
	var session struct {
		SID          string
		Upgrades     []string
		PingInterval int
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "0")), &session); err != nil {
		return err
	}
	if packet[0] != '0' || !slices.Contains(session.Upgrades, "websocket") || session.PingInterval < 1000 {
		return errors.New("no upgrade to a WebSocket, or pings more than once a second")
	}
	c.path = path + "&sid=" + session.SID
	return nil
}

// Emit sends an event. The client puts a blank behind the comma.
func (c *Usocketio) Emit(name, value string) error {
	n, _ := json.Marshal(name)
	v, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.send(fmt.Sprintf("42[%s, %s]", n, v))
}

// Event reads up to the next event, which has to have one value. A server that
// disconnects the client is an error: see Reconnect.
func (c *Usocketio) Event() (name, value string, err error) {
	for {
		packet, err := c.packet()
		if err != nil {
			return "", "", err
		}
		switch {
		case packet == "2":
			err = c.send("3")
		case packet == "1" || packet == "41":
			err = errors.New("disconnected")
		case strings.HasPrefix(packet, "42"):
			var event []string
			if err := json.Unmarshal([]byte(packet[2:]), &event); err != nil || len(event) != 2 {
				return "", "", fmt.Errorf("event %q", packet)
			}
			return event[0], event[1], nil
		}
		if err != nil {
			return "", "", err
		}
	}
}

// Reconnect leaves the WebSocket and comes back with the same sid, without
// polling or probing, as the client does when it is disconnected.
func (c *Usocketio) Reconnect(ctx context.Context) (err error) {
	_ = c.ws.leave()
	c.ws, err = openUwebsockets(ctx, c.address, c.path+"&transport=websocket")
	return err
}

// packet is the next one; those that came with the sid are the first.
func (c *Usocketio) packet() (string, error) {
	if len(c.unread) > 0 {
		packet := c.unread[0]
		c.unread = c.unread[1:]
		return packet, nil
	}
	return c.ws.message()
}

func (c *Usocketio) must(packet string) error {
	got, err := c.ws.message()
	if err == nil && got != packet {
		err = fmt.Errorf("got packet %q, not %q", got, packet)
	}
	return err
}

func (c *Usocketio) send(packet string) error {
	return c.ws.write(maskedFrame(wire.Text, packet)...)
}
