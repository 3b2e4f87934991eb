package echo

import (
	"strings"

	"github.com/coder/websocket"
)

// A behaviour talks to a peer after the opening handshake until the connection
// is to end. The error it returns fails the connection.
type behaviour func(*peer) error

// behaviours by path, in the order in which the page names them. The first is
// also that of paths not in the table: devices come with paths of their own.
var behaviours = []struct {
	path string
	does string
	play behaviour
}{
	{"/", "echoes, or answers text with the reply that the server was given", reply},
	{"/echo", "answers each message with the same message", echo},
	{"/greet", `answers the first message with "Hello <message>!" and closes`, greet},
}

func behaviourAt(path string) behaviour {
	for _, b := range behaviours {
		if b.path == path {
			return b.play
		}
	}
	return behaviours[0].play
}

func echo(p *peer) error {
	for {
		typ, message, err := p.read()
		if err != nil {
			return err
		}
		if err := p.write(typ, message); err != nil {
			return err
		}
	}
}

// reply answers text as Options.Reply says, and echoes binary.
func reply(p *peer) error {
	before, after, ok := strings.Cut(p.reply, "%s")
	if !ok {
		return echo(p)
	}
	for {
		typ, message, err := p.read()
		if err != nil {
			return err
		}
		if typ == websocket.MessageText {
			message = p.wrap(before, message, after)
		}
		if err := p.write(typ, message); err != nil {
			return err
		}
	}
}

// greet does what the example server of the Python websockets library does,
// which the clients' own examples were written against.
func greet(p *peer) error {
	typ, name, err := p.read()
	if err != nil {
		return err
	}
	if err := p.write(typ, p.wrap("Hello ", name, "!")); err != nil {
		return err
	}
	p.close(websocket.StatusNormalClosure, "", patience)
	return nil
}
