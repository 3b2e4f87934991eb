package page

import (
	"net/http"
	"strings"
	"time"

	"wsprobe/internal/witness"
)

// Options say what the page tells of the server, besides its devices.
type Options struct {
	Scheme     string // of the server's WebSockets: "ws" or "wss"
	Standard   string // what "/", and every path that is not listed, does, in words: "echoes"
	Behaviours []Path
	Endpoints  []Path // of Socket.IO and Engine.IO

	// Address is where the server is, HOST:PORT, if the page is served at another
	// address; without HOST it is at all addresses of this machine. "" means that
	// the page is served where the server is.
	Address string
}

// A Path is one that the server answers in a way of its own.
type Path struct {
	URL  string // its path with an example of its parameters: "/slow?delay=2s"
	Does string // in a few words
}

// A Page shows what a witness saw.
type Page struct {
	witness  *witness.Witness
	options  Options
	board    board
	visitors visitors
}

// New returns the page of what w sees. It adds to the metrics of w how many
// visitors follow the page, and how many were dropped; so a witness has one page.
// If w is off there is nothing to follow, and nothing to count.
func New(w *witness.Witness, o Options) *Page {
	p := &Page{witness: w, options: o, board: board{witness: w}}
	if w.Off() {
		return p
	}
	w.Gauge("page_visitors", "Visitors that follow the page now.", func() float64 { return float64(p.visitors.now()) })
	w.Counter("page_visitors_dropped_total", "Visitors of the page that were dropped, for they read too slowly or too many others came.",
		func() float64 { return float64(p.visitors.dropped.Load()) })
	return p
}

// Register makes mux answer with the page: "/", and of what is watched
// "/devices/ID" and the events of either.
func (p *Page) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.all)
	for _, file := range files {
		mux.Handle("GET /"+file.name, file)
	}
	if p.witness.Off() {
		return
	}
	mux.HandleFunc("GET /events", p.allEvents)
	mux.HandleFunc("GET /devices/{id}", p.one)
	mux.HandleFunc("GET /devices/{id}/events", p.oneEvents)
}

// all answers with the page of all devices.
func (p *Page) all(w http.ResponseWriter, r *http.Request) {
	at := p.locate(r)
	p.head(w, at)
	show(w, "bench.html", bench{p.options, p.witness.Off(), p.board.look(0), at, quick, moment{time.Now()}})
}

// A bench is what the page of all devices shows.
type bench struct {
	Options
	Unwatched bool // there is no device to show, and the page says so
	Sight     *sight
	At        location
	Quick     []string
	Now       moment
}

// quick are texts to send at a click: what the sketches of the usual tutorials
// understand.
var quick = []string{"LEDon", "LEDoff", "HELLO", "ping"}

// one answers with the page of one device.
func (p *Page) one(w http.ResponseWriter, r *http.Request) {
	p.head(w, p.locate(r))
	d, ok := p.witness.Device(r.PathValue("id"))
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		show(w, "unknown.html", nil)
		return
	}
	show(w, "device.html", newDevice(d, time.Now()))
}

// head sets the header fields of a page.
func (p *Page) head(w http.ResponseWriter, at location) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", at.policy,
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; "))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}
