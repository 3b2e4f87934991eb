package echo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// DefaultMaxMessage is the longest message taken if Options do not say
// otherwise: 64 MiB, in octets.
const DefaultMaxMessage = 64 << 20

// Options say how a server answers. The zero value is an echo server.
type Options struct {
	// Reply is what "/" answers to text, "%s" standing for the text: "Reply
	// for %s". Binary messages are echoed all the same. Empty means echo.
	Reply string

	// MaxMessage is the longest message taken, in octets; a longer one fails
	// the connection with 1009. Zero means DefaultMaxMessage.
	MaxMessage int

	// Default is what "/", and paths that are none of [Behaviours], do: a
	// behaviour with its parameters as in a URL, "slow?delay=2s". Empty means
	// Reply.
	Default string

	// Schedule is what they do instead for the n-th connection of a device, told
	// apart by its address: "1-3:echo,4:reset,5-:echo". Empty means Default.
	Schedule string

	// MaxConnections is how many may be open; more are refused with 503, or
	// without a word under TLS. There may be as many sessions of Engine.IO, whose
	// clients have no connection at times. Zero means no limit, but 1000 sessions.
	MaxConnections int

	// Handshake is how long a peer may take for a request, TLS included. Zero
	// means ten seconds.
	Handshake time.Duration

	// Idle is after how long without an octet from the peer a WebSocket is closed
	// with 1001. Zero means never: devices may be quiet for days.
	Idle time.Duration

	// Deflate is whether messages are compressed. The zero value is not at all.
	Deflate Deflate

	// Object is asked what there is against the peer of a connection, each time
	// octets have come from it. A why ends the connection: an opening handshake
	// with 400, a WebSocket with the code, after so many of the octets as are
	// lawful were answered. Nil has nothing against anyone.
	Object func(net.Conn) (lawful, code int, why string)

	// Pages answers plain HTTP where one of its patterns matches, instead of the
	// page that names the paths; opening handshakes it never gets. Nil means none.
	Pages *http.ServeMux

	// Log gets a line for each connection, taken or refused, and for each
	// message, each line in one Write, before the message is answered: what
	// blocks it holds up all connections. Nil means that nothing is even
	// formatted.
	Log io.Writer
}

// Check tells what is wrong with o, in one line that begins with the option as a
// flag spells it: a Reply without exactly one %s or with octets that are not UTF-8,
// a Default or Schedule that cannot be read, a number or time below zero.
func (o Options) Check() error {
	_, err := o.plan()
	switch {
	case o.Reply != "" && strings.Count(o.Reply, "%s") != 1:
		return fmt.Errorf(`reply %q: needs "%%s" exactly once, where the text goes`, o.Reply)
	case !utf8.ValidString(o.Reply):
		return fmt.Errorf("reply %q: not UTF-8", o.Reply)
	case o.MaxMessage < 0:
		return fmt.Errorf("max-message %d: less than nothing", o.MaxMessage)
	case o.MaxConnections < 0:
		return fmt.Errorf("max-connections %d: less than nothing", o.MaxConnections)
	case o.Handshake < 0:
		return fmt.Errorf("handshake %v: less than nothing", o.Handshake)
	case o.Idle < 0:
		return fmt.Errorf("idle %v: less than nothing", o.Idle)
	case err != nil:
		return err
	}
	return o.Deflate.check()
}

// Standard is what "/" does, and every path that is none of [Behaviours], in
// words.
func (o Options) Standard() string {
	does := "echoes"
	switch {
	case o.Default != "":
		does = "does as " + o.Default
	case o.Reply != "":
		does = fmt.Sprintf("answers text with %q", o.Reply)
	}
	if o.Schedule != "" {
		does += "; by the n-th connection of a device: " + o.Schedule
	}
	return does
}

// plan is what is done where the path does not say.
func (o Options) plan() (plan, error) {
	p := plan{otherwise: action{play: echo}}
	switch {
	case o.Reply != "" && o.Default != "":
		return p, errors.New("reply and default are both given: take one, or default \"reply?format=…\"")
	case o.Reply != "":
		p.otherwise.play = reply(o.Reply)
	case o.Default != "":
		var err error
		if p.otherwise, err = parseAction(o.Default); err != nil {
			return p, fmt.Errorf("default %q: %w", o.Default, err)
		}
	}
	turns, err := parseSchedule(o.Schedule)
	if err != nil {
		return p, fmt.Errorf("schedule: %w", err)
	}
	p.turns = turns
	return p, nil
}
