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
	heardAt(socketBehind(r))
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
	todo, planned, err := h.action(r)
	status := http.StatusBadRequest
	if err == nil && todo.refuse != nil {
		status, err = todo.refuse(w.Header(), r)
	}
	if err != nil {
		h.refuse(w, r, status, err)
		return
	}
	if err := h.upgrade(w, r, h.maxMessage, todo); err != nil && planned {
		h.visits.takeBack(r.RemoteAddr)
	}
}

// action is what a request is for, by its path or by what is planned for the n-th
// connection of a device. That one is counted at once, so that two that come together
// are not both the n-th.
func (h *handler) action(r *http.Request) (todo action, planned bool, err error) {
	if b, ok := find(r.URL.Path); ok {
		todo, err = b.with(r.URL.RawQuery)
		return todo, false, err
	}
	return h.plan.next(&h.visits, r.RemoteAddr), true, nil
}

// objection is what there is against a peer, if there is anything, and how many
// octets of the last read are good.
func (h *handler) objection(c net.Conn) (good int, objection fault, found bool) {
	if h.options.Object == nil {
		return 0, fault{}, false
	}
	good, code, why := h.options.Object(c)
	if why == "" {
		return 0, fault{}, false
	}
	return good, fault{websocket.StatusCode(code), fitting(why)}, true
}
