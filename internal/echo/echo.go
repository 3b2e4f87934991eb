// Package echo is the reference peer: a WebSocket server that a device, or the
// harness, may trust to be right.
//
// It stands on github.com/coder/websocket and shares no code with the harness,
// so that two implementations of RFC 6455 check each other. On top of what the
// library does, it
//
//   - answers a message with one message of the same type, in one unfragmented
//     frame and one write (small devices read no fragments, and some read only
//     one segment);
//   - fails text that is not UTF-8 at its first bad octet, with 1007;
//   - spells its header names as the RFC does, and sends no more than it must;
//   - lets go of TCP at once when the closing handshake is done;
//   - compresses, where that is wanted, as RFC 7692 has it.
package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"wsprobe/internal/engineio"
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
	// without a word under TLS. Zero means that there is no limit. MaxConnections
	// and Handshake are for [Serve] alone.
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
	// octets have come from it. A why ends the connection before they are
	// answered: an opening handshake with 400, a WebSocket with the code. Nil has
	// nothing against anyone.
	Object func(net.Conn) (code int, why string)

	// Pages answers plain HTTP where one of its patterns matches, instead of the
	// page that names the paths; opening handshakes it never gets. Nil means none.
	Pages *http.ServeMux

	// Log gets a line for each connection, taken or refused, and for each
	// message, each line in one Write, before the message is answered. Nil
	// means that nothing is even formatted.
	Log io.Writer
}

// Check tells what is wrong with o, in one line: a Reply without exactly one %s
// or with octets that are not UTF-8, a Default or Schedule that cannot be read, a
// number or time below zero.
func (o Options) Check() error {
	_, err := o.plan()
	switch {
	case o.Reply != "" && strings.Count(o.Reply, "%s") != 1:
		return fmt.Errorf(`reply %q: needs "%%s" exactly once, where the text goes`, o.Reply)
	case !utf8.ValidString(o.Reply):
		return fmt.Errorf("reply %q: not UTF-8", o.Reply)
	case o.MaxMessage < 0:
		return fmt.Errorf("longest message of %d octets: less than nothing", o.MaxMessage)
	case o.MaxConnections < 0 || o.Handshake < 0 || o.Idle < 0:
		return fmt.Errorf("limits of %d connections, %v and %v: less than nothing", o.MaxConnections, o.Handshake, o.Idle)
	case err != nil:
		return err
	}
	return o.Deflate.check()
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

type handler struct {
	options    Options
	plan       plan
	visits     visits
	maxMessage int
	pages      *http.ServeMux
	log        *lineLog
	buffers    bufferPool
	writers    sync.Pool // of *flate.Writer
	streams    sync.Pool // of *stream
	requests   tally
	socketIO   *engineio.Server
	room       room
	open       atomic.Int64 // connections that Serve has taken, and that are not gone
}

// New makes the server's handler. Options must pass Check. A request that is
// no opening handshake gets a short page that names the paths. When the base
// context of the http.Server ends, connections are closed with 1001.
func New(o Options) http.Handler { return newHandler(o) }

func newHandler(o Options) *handler {
	h := &handler{options: o, maxMessage: o.MaxMessage, pages: o.Pages}
	h.plan, _ = o.plan() // Check has seen the error
	if h.maxMessage == 0 {
		h.maxMessage = DefaultMaxMessage
	}
	if o.Log != nil {
		h.log = &lineLog{to: o.Log}
	}
	h.socketIO = h.newSocketIO()
	return h
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.requests.begin() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer h.requests.end()
	switch {
	case engineio.Serves(r.URL.Path):
		h.socketIO.ServeHTTP(w, r)
	case asksForUpgrade(r):
		h.act(w, r)
	case h.hasPage(r):
		h.pages.ServeHTTP(w, r)
	default:
		h.page(w, r)
	}
}

func (h *handler) hasPage(r *http.Request) bool {
	if h.pages == nil {
		return false
	}
	_, pattern := h.pages.Handler(r)
	return pattern != ""
}

// act does what the path asks for.
func (h *handler) act(w http.ResponseWriter, r *http.Request) {
	todo, err := h.action(r)
	if err != nil {
		line(w, http.StatusBadRequest, err)
	} else if todo.answer != nil {
		err = todo.answer(w, r)
	}
	if err != nil {
		h.log.refused(r.RemoteAddr, err)
		return
	}
	h.upgrade(w, r, h.maxMessage, todo)
}

// upgrade takes the opening handshake and plays a behaviour until the connection
// ends. Messages may be maxMessage octets long.
func (h *handler) upgrade(w http.ResponseWriter, r *http.Request, maxMessage int, todo action) {
	agreed, err := h.options.Deflate.agree(r)
	if f, ok := h.objection(socketBehind(r)).(fault); ok {
		w.Header().Set("Sec-WebSocket-Version", "13") // for who asked for another: RFC 6455 §4.4
		err = errors.New(f.reason)
	}
	if err != nil {
		line(w, http.StatusBadRequest, err)
		h.log.refused(r.RemoteAddr, err)
		return
	}
	u := &upgrade{ResponseWriter: w, buffers: &h.buffers, agreed: agreed, objection: h.objection}
	ctx := serving(r)
	p := &peer{handler: h, ctx: ctx, address: r.RemoteAddr, maxMessage: maxMessage}
	ws, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,                          // any Origin: devices send "file://", or none
		CompressionMode:    websocket.CompressionDisabled, // see Deflate
		Subprotocols:       todo.subprotocols(r),
		OnPongReceived:     p.ponged,
	})
	if u.conn != nil {
		defer h.open.Add(-1)
	}
	if err != nil {
		h.log.refused(r.RemoteAddr, cause(err))
		return
	}
	p.ws, p.conn = ws, u.conn
	p.conn.idle = h.options.Idle
	if agreed != nil {
		p.inflater = &inflater{takeover: !agreed.clientForgets, buffers: &h.buffers, streams: &h.streams}
		p.deflater = newDeflater(*agreed, &h.buffers, &h.writers)
	}
	defer p.end()
	// The library is not given this context: it would drop the connection when
	// the context ends, without a Close frame.
	defer context.AfterFunc(ctx, p.conn.interrupt)()

	ws.SetReadLimit(-1) // peer.read has its own
	h.log.connected(r.RemoteAddr)
	if todo.choose != nil {
		h.log.subprotocol(u.subprotocol, offered(r))
	}
	err = h.objection(p.conn.Conn) // to what came with the request
	if err == nil {
		err = todo.play(p)
	}
	if err != nil {
		p.fail(ctx, err)
	}
}

// objection is what there is against a peer, as a fault.
func (h *handler) objection(c net.Conn) error {
	if h.options.Object == nil {
		return nil
	}
	code, why := h.options.Object(c)
	if why == "" {
		return nil
	}
	if len(why) > maxReason {
		whole, _ := wholeRunes([]byte(why[:maxReason]))
		why = why[:whole]
	}
	return fault{websocket.StatusCode(code), why}
}

// action is what a request is for.
func (h *handler) action(r *http.Request) (action, error) {
	if b, ok := find(r.URL.Path); ok {
		return b.with(r.URL.RawQuery)
	}
	return h.plan.next(&h.visits, r.RemoteAddr), nil
}
