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
//   - lets go of TCP at once when the closing handshake is done.
package echo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/coder/websocket"
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

	// Pages answers plain HTTP where one of its patterns matches, instead of the
	// page that names the paths; opening handshakes it never gets. Nil means none.
	Pages *http.ServeMux

	// Log gets a line for each connection, taken or refused, and for each
	// message, each line in one Write, before the message is answered. Nil
	// means that nothing is even formatted.
	Log io.Writer
}

// Check tells what is wrong with o: a Reply without exactly one %s or with
// octets that are not UTF-8, a negative MaxMessage.
func (o Options) Check() error {
	switch {
	case o.Reply != "" && strings.Count(o.Reply, "%s") != 1:
		return fmt.Errorf(`reply %q: needs "%%s" exactly once, where the text goes`, o.Reply)
	case !utf8.ValidString(o.Reply):
		return fmt.Errorf("reply %q: not UTF-8", o.Reply)
	case o.MaxMessage < 0:
		return fmt.Errorf("longest message of %d octets: less than nothing", o.MaxMessage)
	}
	return nil
}

type handler struct {
	reply      string
	maxMessage int
	pages      *http.ServeMux
	log        *lineLog
	buffers    bufferPool
	requests   tally
}

// New makes the server's handler. Options must pass Check. A request that is
// no opening handshake gets a short page that names the paths. When the base
// context of the http.Server ends, connections are closed with 1001.
func New(o Options) http.Handler { return newHandler(o) }

func newHandler(o Options) *handler {
	h := &handler{reply: o.Reply, maxMessage: o.MaxMessage, pages: o.Pages}
	if h.maxMessage == 0 {
		h.maxMessage = DefaultMaxMessage
	}
	if o.Log != nil {
		h.log = &lineLog{to: o.Log}
	}
	return h
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.requests.begin() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer h.requests.end()
	switch {
	case asksForUpgrade(r):
		h.upgrade(w, r)
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

// upgrade takes the opening handshake and plays the path's behaviour until the
// connection ends.
func (h *handler) upgrade(w http.ResponseWriter, r *http.Request) {
	u := &upgrade{ResponseWriter: w, buffers: &h.buffers}
	ws, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // any Origin: devices send "file://", or none
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		h.log.refused(r.RemoteAddr, cause(err))
		return
	}
	p := &peer{handler: h, ws: ws, conn: u.conn}
	defer p.end()
	// The library is not given this context: it would drop the connection when
	// the context ends, without a Close frame.
	ctx := r.Context()
	defer context.AfterFunc(ctx, p.conn.interrupt)()

	ws.SetReadLimit(-1) // peer.read has its own
	h.log.connected(r.RemoteAddr)
	if err := behaviourAt(r.URL.Path)(p); err != nil {
		p.fail(ctx, err)
	}
}
