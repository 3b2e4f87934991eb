package witness

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

type listener struct {
	net.Listener
	witness *Witness
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	socket, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: socket, watch: newWatch(l.witness, socket)}, nil
}

// A conn is a connection that is watched. What is read is shown to the watch
// afterwards; what is written is shown before, so that no answer to it can be
// seen first.
type conn struct {
	net.Conn
	mu    sync.Mutex // one goroutine may read while another writes
	watch *watch
	clock time.Time   // as it was read last
	heard atomic.Bool // the server has begun to read
}

// now is the time. To tell how much of it has passed takes half as long as to
// look at the clock, and so the clock is looked at, for it may be set, each
// second at most.
func (c *conn) now() time.Time {
	passed := time.Since(c.clock)
	if passed > time.Second {
		c.clock = time.Now()
		return c.clock
	}
	return c.clock.Add(passed)
}

// Read reads from the connection.
func (c *conn) Read(p []byte) (int, error) {
	if !c.heard.Load() {
		c.heard.Store(true)
	}
	n, err := c.Conn.Read(p)
	late := errors.Is(err, os.ErrDeadlineExceeded)
	if n == 0 && !theirs(err) && !late {
		return n, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.watch.received(p[:n], now)
	c.watch.late = late
	if theirs(err) {
		c.watch.left(err != io.EOF, now)
	}
	return n, err
}

// theirs reports whether it is the device that has ended what is read.
func theirs(err error) bool {
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, net.ErrClosed)
}

// Write writes to the connection.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.watch.sent(p, c.now())
	c.mu.Unlock()
	return c.Conn.Write(p)
}

// CloseWrite closes the half that writes, or all of a connection that has no
// halves.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		c.mu.Lock()
		c.watch.serverEnd = true // left says if the device was first
		c.mu.Unlock()
		return half.CloseWrite()
	}
	return c.Close()
}

// Close closes the connection, which ends the watch.
func (c *conn) Close() error {
	c.mu.Lock()
	if !c.heard.Load() {
		c.watch.turnAway()
	}
	c.watch.end(time.Now())
	c.mu.Unlock()
	return c.Conn.Close()
}

// NetConn returns the connection that is watched: a [crypto/tls.Conn] has a
// state that is of use to a server.
func (c *conn) NetConn() net.Conn { return c.Conn }
