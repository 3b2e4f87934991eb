package echo

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingering is how long a socket outlives the WebSocket.
const lingering = 500 * time.Millisecond

// A conn is the TCP or TLS connection as the library sees it, between its
// buffers and the socket. It belongs to the goroutine of its peer.
type conn struct {
	net.Conn
	early    []byte // what came with the request
	held     []byte // the beginning of a control frame, not handed over yet
	incoming incoming
	wrong    error // with the octets that come next
	ended    bool  // a read has failed

	objection func(net.Conn) (good int, objection fault, found bool) // to what was read last, see Options.Object; nil for never

	pool    *bufferPool
	writing chan struct{} // holds one while a frame is written; nil as long as one goroutine writes
	closing bool          // a Close frame has been written
	secured bool          // by TLS
	renewal time.Time     // when the limit of writing is to be set anew
	idle    time.Duration // how long a read may wait, 0 for ever
	until   time.Time     // when reading ends with errTimeUp, if ever
	drip    drip
	broken  error       // of a write that failed: what follows would be in mid-frame
	hurried atomic.Bool // limits are set for good
}

// A drip is how writing is slowed down; the zero value is not at all.
type drip struct {
	octets int           // of each write
	every  time.Duration // between two writes
	wait   func(time.Duration) error
}

// Read reads from the socket, up to what is wrong. Control frames are handed over
// whole, for to the library one that takes five seconds is the end.
func (c *conn) Read(p []byte) (n int, err error) {
	n = copy(p, c.held)
	c.held = c.held[:copy(c.held, c.held[n:])]
	for {
		more, err := c.readGood(p[n:])
		n += more
		open := min(c.incoming.open(), n)
		if err != nil || open == 0 || open == len(p) {
			return n, err
		}
		if n > open {
			c.held = append(c.held, p[n-open:n]...)
			return n - open, nil
		}
	}
}

func (c *conn) readGood(p []byte) (n int, err error) {
	if c.wrong != nil {
		return 0, c.wrong
	}
	if len(c.early) > 0 {
		n = copy(p, c.early)
		c.early = c.early[n:]
	} else {
		n, err = c.read(p)
	}
	good, wrong := c.incoming.follow(p[:n])
	if wrong == nil {
		return n, err
	}
	return c.upTo(good, wrong)
}

// upTo is a read with so many good octets, and then what is wrong.
func (c *conn) upTo(good int, wrong error) (int, error) {
	c.wrong = wrong
	if good == 0 {
		return 0, wrong
	}
	return good, nil
}

func (c *conn) read(p []byte) (int, error) {
	c.limitRead()
	n, err := c.Conn.Read(p)
	if c.objection != nil {
		if good, objection, found := c.objection(c.Conn); found {
			return c.upTo(good, objection)
		}
	}
	if late := c.late(err); late != nil {
		return n, late
	}
	if err != nil {
		c.ended = true
	}
	if err == io.EOF {
		// The library takes io.EOF within a message for the message's end.
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Write writes the library's control frames, each with one system call, as it
// buffers more octets than such a frame has.
func (c *conn) Write(p []byte) (int, error) {
	c.lock()
	defer c.unlock()
	c.closing = c.closing || p[0] == fin|opcodeClose
	if err := c.send(sayable(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// share lets several goroutines write, from now on.
func (c *conn) share() { c.writing = make(chan struct{}, 1) }

// lock waits until no other goroutine writes. Unlike a [sync.Mutex] it is seen to
// wait in a test whose time is synthetic.
func (c *conn) lock() {
	if c.writing != nil {
		c.writing <- struct{}{}
	}
}

func (c *conn) unlock() {
	if c.writing != nil {
		<-c.writing
	}
}

// Close is the library's: it half-closes TCP and ends all reading and writing,
// but leaves the socket to linger. To close it with octets unread would make it
// a reset, and a reset may overtake the Close frame on a small device.
func (c *conn) Close() error {
	c.limit(0, 0)
	half, ok := c.Conn.(halfCloser)
	if !ok {
		return c.Conn.Close()
	}
	err := half.CloseWrite()
	if inner, ok := socketOf(c.Conn).(halfCloser); ok && inner != half {
		_ = inner.CloseWrite() // TLS has only said that it ends
	}
	return err
}

type halfCloser interface{ CloseWrite() error }

// reset ends TCP with a reset instead of a FIN.
func (c *conn) reset() {
	socket := socketOf(c.Conn)
	if tcp, ok := socket.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = socket.Close()
}

// socketOf is what is below TLS, and below whatever else stands in between.
func socketOf(c net.Conn) net.Conn {
	for {
		outer, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return c
		}
		c = outer.NetConn()
	}
}

// linger waits a little for the peer's half of the closing of TCP and closes the
// socket: RFC 6455 §7.1.1.
func (c *conn) linger() {
	c.limit(lingering, 0)
	_, _ = io.Copy(io.Discard, c.Conn)
	_ = c.Conn.Close()
}
