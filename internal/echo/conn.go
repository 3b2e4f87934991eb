package echo

import (
	"bufio"
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
	in    *bufio.Reader // the library's, which reads from this conn
	ended bool          // a read has failed

	objection func(net.Conn) error // to what was read, see Options.Object

	pool   *bufferPool
	ahead  *buffer // while a long text comes in
	unread []byte  // what of ahead the library has not yet asked for
	held   *buffer // the beginning of a frame whose rest is still to be written

	marks   *marks        // of compressed messages; nil unless compression is agreed on
	writing chan struct{} // holds one while a frame is written
	closing bool          // a Close frame has been written
	idle    time.Duration // how long a read may wait, 0 for ever
	until   time.Time     // when reading ends with errTimeUp, if ever
	drip    drip
	broken  bool        // a write has failed: what follows would be in mid-frame
	hurried atomic.Bool // limits are set for good
}

// A drip is how writing is slowed down; the zero value is not at all.
type drip struct {
	octets int           // of each write
	every  time.Duration // between two writes
	wait   func(time.Duration) error
}

// atHand is how many octets can be read without waiting, as far as it is known.
func (c *conn) atHand() int { return c.in.Buffered() + len(c.unread) }

// readAhead makes Read take much at a time from the socket, whatever it is
// asked for.
func (c *conn) readAhead() {
	if c.ahead == nil {
		c.ahead = c.pool.get(aheadBuffer)
	}
}

// readOnDemand ends readAhead as soon as all that was read is used.
func (c *conn) readOnDemand() {
	if len(c.unread) == 0 {
		c.pool.put(c.ahead)
		c.ahead, c.unread = nil, nil
	}
}

// Read reads from the socket, or from what was read of it ahead.
func (c *conn) Read(p []byte) (n int, err error) {
	if c.ahead == nil {
		return c.read(p)
	}
	if len(c.unread) == 0 {
		n, err = c.read(c.ahead.room())
		c.unread = c.ahead.room()[:n]
	}
	n = copy(p, c.unread)
	c.unread = c.unread[n:]
	return n, err
}

func (c *conn) read(p []byte) (int, error) {
	c.limitRead()
	n, err := c.Conn.Read(p)
	if objection := c.objection(c.Conn); objection != nil {
		return 0, objection
	}
	c.marks.takeOff(p[:n])
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

// Write writes frames to the socket, each with one system call. The library
// writes what has not yet filled its buffer apart from the rest of a long frame.
func (c *conn) Write(p []byte) (int, error) {
	if c.held == nil && len(p) < frameLen(p) {
		c.held = c.pool.get(len(p))
		c.held.octets = append(c.held.octets, p...)
		return len(p), nil
	}
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	if c.held != nil {
		return c.writeRest(p)
	}
	c.closing = c.closing || p[0] == opcodeClose
	if err := c.send(sayable(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// writeRest writes what is held and p as one.
func (c *conn) writeRest(p []byte) (int, error) {
	held := c.held
	c.held = nil
	defer c.pool.put(held)
	rest := p[:min(len(p), atOnce)]
	if c.gathers() && c.drip.octets == 0 {
		if err := c.sendBoth(held.octets, rest); err != nil {
			return 0, err
		}
	} else {
		held.octets = append(held.octets, rest...)
		if err := c.send(held.octets); err != nil {
			return 0, err
		}
	}
	if err := c.send(p[len(rest):]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// A gatherer writes buffers as one without copying them: a connection that
// stands around that of TCP, which net.Buffers does not look for.
type gatherer interface {
	WriteBuffers(*net.Buffers) (int64, error)
}

// gathers reports whether two buffers leave as one write. To others than these,
// net.Buffers writes one after the other.
func (c *conn) gathers() bool {
	switch c.Conn.(type) {
	case *net.TCPConn, gatherer:
		return true
	}
	return false
}

// interrupt ends the reading at once and the writing soon. It may be called
// from any goroutine.
func (c *conn) interrupt() { c.limit(0, patience) }

// limit is how long reading and writing may take from now.
func (c *conn) limit(read, write time.Duration) {
	c.hurried.Store(true)
	now := time.Now()
	_ = c.SetReadDeadline(now.Add(read))
	_ = c.SetWriteDeadline(now.Add(write))
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
