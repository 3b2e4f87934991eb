package runner

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"
)

// timedConn is a connection that knows when an octet last went either way.
type timedConn struct {
	net.Conn
	moved   atomic.Int64 // in Unix nanoseconds
	minutes *minutes     // of what is written; nil if none are taken
}

// timed wraps a connection, and makes its reader with a buffer of so many octets.
func timed(conn net.Conn, buffer int) (*timedConn, *bufio.Reader) {
	c := &timedConn{Conn: conn}
	c.touch()
	return c, bufio.NewReaderSize(c, buffer)
}

func (c *timedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.touch()
	}
	return n, err
}

func (c *timedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if n > 0 {
		c.touch()
		c.minutes.wrote(b[:n])
	}
	return n, err
}

func (c *timedConn) touch() { c.moved.Store(time.Now().UnixNano()) }

// silentFor returns how long no octet has gone either way.
func (c *timedConn) silentFor() time.Duration {
	return time.Duration(time.Now().UnixNano() - c.moved.Load())
}

// usualPort is the port that a Host field may leave out.
func (c *timedConn) usualPort() int {
	if _, ok := c.Conn.(*tls.Conn); ok {
		return 443
	}
	return 80
}
