package engineio

import (
	"net/http"
	"sync"
)

// Defaults of Options.
const (
	DefaultMaxPayload  = 1_000_000 // octets, as Node's server has it
	DefaultMaxSessions = 1000
)

// Options say how a server answers, and what it stands on.
type Options struct {
	// Upgrade takes the opening handshake of a WebSocket and calls play with
	// it. What play returns is nil at a regular end, a Fault if the client was
	// wrong, or an error of the Conn. Without Upgrade there is only polling.
	Upgrade func(w http.ResponseWriter, r *http.Request, play func(Conn) error)

	// MaxPayload is the longest body and message taken, in octets. Zero means
	// DefaultMaxPayload.
	MaxPayload int

	// MaxSessions is how many sessions there may be at once. Zero means
	// DefaultMaxSessions. One more takes the place of one that was opened and
	// never used, or is refused.
	MaxSessions int

	// Log is told what goes over polling; nil for nothing. What goes over a
	// WebSocket is for the Conn to tell.
	Log Log
}

// A Log is told of what happens. It is called from many goroutines.
type Log interface {
	Connected(address string)
	Refused(address string, why error)
	Packet(direction byte, packet string) // '<' came, '>' goes
}

type silence struct{}

func (silence) Connected(string)      {}
func (silence) Refused(string, error) {}
func (silence) Packet(byte, string)   {}

// A Conn is a WebSocket after its opening handshake. Read and Write may be
// called at once, from one goroutine each, and Close from a third.
type Conn interface {
	// Read reads the next message. Of a binary one only that is told.
	Read() (text string, binary bool, err error)
	// Write sends a text message.
	Write(text string) error
	// Close makes Read and Write return soon. It does not wait.
	Close()
}

// A Server serves the endpoints. It needs no closing: polls end with the
// context of their requests, and sessions without a client end by themselves.
// How slowly a request may come is for the http.Server to say.
type Server struct {
	o      Options
	issuer issuer

	mu       sync.Mutex
	sessions map[string]*session
}

// New makes a server.
func New(o Options) *Server {
	if o.MaxPayload == 0 {
		o.MaxPayload = DefaultMaxPayload
	}
	if o.MaxSessions == 0 {
		o.MaxSessions = DefaultMaxSessions
	}
	if o.Log == nil {
		o.Log = silence{}
	}
	return &Server{o: o, issuer: newIssuer(), sessions: make(map[string]*session)}
}

// ServeHTTP serves a request to a path that Serves knows: a poll, a post, the
// opening of a session, or the opening handshake of a WebSocket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q, err := s.parse(r)
	if err != nil {
		s.refuse(w, r, asRefusal(err))
		return
	}
	switch {
	case q.upgrade:
		arrived := q.session.expect()
		defer arrived()
		s.o.Upgrade(w, r, func(c Conn) error { return s.play(r.Context(), q, c, arrived) })
	case q.session == nil:
		s.open(w, r, q)
	case r.Method == http.MethodGet:
		s.poll(w, r, q.session)
	default:
		s.post(w, r, q.session)
	}
}
