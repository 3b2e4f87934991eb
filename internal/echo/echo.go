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
//   - gives pings and pongs of a slow device the time that messages have;
//   - lets go of TCP at once when the closing handshake is done;
//   - compresses, where that is wanted, as RFC 7692 has it.
package echo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"wsprobe/internal/engineio"
)

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

// newHandler makes the server's handler. Options must pass Check. A request that is
// no opening handshake gets a short page that names the paths. When the base
// context of the http.Server ends, connections are closed with 1001.
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
	if _, objection := h.objection(socketBehind(r)); objection != nil {
		w.Header().Set("Sec-WebSocket-Version", "13") // for who asked for another: RFC 6455 §4.4
		err = errors.New(objection.(fault).reason)
	}
	if r.ContentLength != 0 && err == nil { // net/http would answer with Connection: close besides
		w.Header().Set("Connection", "close") // else net/http reads the content first
		err = errors.New("the request has content, and nobody says what becomes of it when the protocol changes")
	}
	if err != nil {
		line(w, http.StatusBadRequest, err)
		h.log.refused(r.RemoteAddr, err)
		return
	}
	u := &upgrade{ResponseWriter: w, buffers: &h.buffers, agreed: agreed}
	if h.options.Object != nil {
		u.objection = h.objection
	}
	ctx := serving(r)
	p := &peer{handler: h, ctx: ctx, address: r.RemoteAddr, maxMessage: maxMessage}
	ws, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,                          // any Origin: devices send "file://", or none
		CompressionMode:    websocket.CompressionDisabled, // see Deflate
		Subprotocols:       todo.subprotocols(r),
		OnPingReceived:     p.pinged,
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
	if offers := offered(r); todo.choose != nil || len(offers) > 0 {
		h.log.subprotocol(u.subprotocol, offers)
	}
	_, err = h.objection(p.conn.Conn) // to what came with the request, all of it too early
	if err == nil {
		err = todo.play(p)
	}
	if err != nil {
		p.fail(ctx, err)
	}
}

// objection is what there is against a peer, as a fault, and how many octets of
// the last read are good.
func (h *handler) objection(c net.Conn) (good int, objection error) {
	if h.options.Object == nil {
		return 0, nil
	}
	good, code, why := h.options.Object(c)
	if why == "" {
		return 0, nil
	}
	if len(why) > maxReason {
		whole, _ := wholeRunes([]byte(why[:maxReason]))
		why = why[:whole]
	}
	return good, fault{websocket.StatusCode(code), why}
}

// action is what a request is for.
func (h *handler) action(r *http.Request) (action, error) {
	if b, ok := find(r.URL.Path); ok {
		return b.with(r.URL.RawQuery)
	}
	return h.plan.next(&h.visits, r.RemoteAddr), nil
}
