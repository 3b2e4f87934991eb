// Package pipe holds connections in memory for devices made of software: in a
// bubble of testing/synctest time costs nothing on them, and what happens is
// the same on every day.
package pipe

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// New returns the two ends of a connection. As with TCP, one direction can end
// by itself: each end has a CloseWrite.
func New() (a, b net.Conn) {
	fromA, toB := net.Pipe()
	fromB, toA := net.Pipe()
	return &end{toA, fromA}, &end{toB, fromB}
}

// end is one end of a connection.
type end struct {
	net.Conn          // what is read
	out      net.Conn // what is written
}

func (e *end) Write(b []byte) (int, error)         { return e.out.Write(b) }
func (e *end) CloseWrite() error                   { return e.out.Close() }
func (e *end) Close() error                        { return errors.Join(e.out.Close(), e.Conn.Close()) }
func (e *end) SetWriteDeadline(at time.Time) error { return e.out.SetWriteDeadline(at) }
func (e *end) SetDeadline(at time.Time) error {
	return errors.Join(e.Conn.SetDeadline(at), e.out.SetWriteDeadline(at))
}
func (e *end) LocalAddr() net.Addr  { return address }
func (e *end) RemoteAddr() net.Addr { return address }

var address = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9001}

// Listener takes connections in memory.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// Listen returns a listener.
func Listen() *Listener { return &Listener{conns: make(chan net.Conn), done: make(chan struct{})} }

// Dial connects to the listener. It waits until the connection is accepted.
func (l *Listener) Dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := New()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept returns the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends the listener, and leaves its connections be.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr returns an address, which leads nowhere.
func (l *Listener) Addr() net.Addr { return address }
