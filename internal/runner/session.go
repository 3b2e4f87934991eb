package runner

import (
	"bufio"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Session is one connection on which the opening handshake is done. One
// goroutine reads it, into the inbox; the player writes and closes it.
type Session struct {
	Request  handshake.Request
	Response handshake.Response

	conn     *timedConn
	r        *bufio.Reader
	role     wire.Role // ours
	tape     *tape
	keys     *rand.Rand // of masking keys
	limit    int        // octets of a message of the device's
	observer observer
	early    int // octets that came before our response
	inbox    *inbox
	done     chan struct{}         // closed when the session is
	gate     chan struct{}         // holds a token but while the player reads nothing on purpose
	begun    atomic.Pointer[begun] // the frame that the device has not ended, nil for none
	part     [4]byte               // key of the frame that is being sent in parts
	out      []byte                // buffer of Send
	minutes  *minutes              // nil if none are taken
	once     sync.Once
	reading  sync.WaitGroup

	unoffered string     // what the case is about and the device, a client, does not offer
	deflation *deflation // nil unless permessage-deflate is agreed on
}

// Buffers of what is read, in octets: large enough for long messages to be few
// reads, and for connections of which there are thousands in a minute to be cheap.
const (
	readBuffer  = 16 << 10
	smallBuffer = 4 << 10
)

// newSession takes a connection, and its reader with what it has buffered.
func newSession(conn *timedConn, r *bufio.Reader, role wire.Role, o Opening) *Session {
	s := &Session{
		conn: conn, r: r, role: role, tape: o.tape, keys: o.keys, limit: o.limit, observer: o.observer,
		inbox: newInbox(o.limit), done: make(chan struct{}), gate: make(chan struct{}, 1), minutes: o.minutes,
	}
	if o.minutes != nil {
		o.minutes.session, conn.minutes = s, o.minutes
	}
	return s
}

// start begins to read frames.
func (s *Session) start() {
	s.conn.touch()
	s.gate <- struct{}{}
	s.minutes.begin()
	s.reading.Go(s.read)
}

// close ends TCP, and with it the reader.
func (s *Session) close() {
	s.once.Do(func() {
		close(s.done)
		s.conn.Close()
	})
}

// reset ends TCP with a reset, where the transport can.
func (s *Session) reset() {
	conn := s.conn.Conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn() // no close_notify
	}
	if c, ok := conn.(interface{ SetLinger(int) error }); ok {
		c.SetLinger(0)
		s.once.Do(func() {
			close(s.done)
			conn.Close()
		})
	}
	s.close()
}

// halfClose ends our direction of TCP only, and reports whether the transport can.
func (s *Session) halfClose() bool {
	c, ok := s.conn.Conn.(interface{ CloseWrite() error })
	if ok {
		c.CloseWrite()
	}
	return ok
}
