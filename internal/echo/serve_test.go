package echo

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestStopClosesConnections(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := serveOn(t, ln, Options{})
	address := ln.Addr().String()
	idle := open(t, address, "/")
	busy := open(t, address, "/")
	busy.send(frame(startText, "half a mess"))
	atPage := dial(t, address)

	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	idle.want(closing, "\x03\xe9")
	idle.send(frame(closing, "\x03\xe9"))
	idle.wantEnd()
	busy.wantClose(1001)
	if err := <-stopped; err != nil {
		t.Errorf("serve: %v", err)
	}
	atPage.wantEnd()
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("the stopped server accepts a connection")
	}
}

func TestServeRefusesBadOptions(t *testing.T) {
	for _, o := range []Options{
		{Reply: "no place for the text"}, {Reply: "%s and %s"}, {Reply: "\xff%s"}, {MaxMessage: -1},
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := Serve(context.Background(), ln, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
		if err := ln.Close(); err == nil {
			t.Errorf("%+v: the listener was left open", o)
		}
	}
}

func TestServeReportsListener(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- Serve(context.Background(), ln, Options{}) }()
	c := open(t, ln.Addr().String(), "/")
	_ = ln.Close()
	c.wantClose(1001)
	_ = c.Close()
	if err := <-served; err == nil {
		t.Error("no error from a broken listener")
	}
}

// A pipeListener is a network without a clock of its own.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (l *pipeListener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

// onPipe plays with a server whose clock is the bubble's.
func onPipe(t *testing.T, play func(t *testing.T, c *client, stop func() error)) {
	onWrappedPipe(t, Options{}, func(c net.Conn) net.Conn { return c }, play)
}

func onWrappedPipe(t *testing.T, o Options, wrap func(net.Conn) net.Conn, play func(t *testing.T, c *client, stop func() error)) {
	synctest.Test(t, func(t *testing.T) {
		ln := &pipeListener{make(chan net.Conn), make(chan struct{})}
		stop := serveOn(t, ln, o)
		ours, theirs := net.Pipe()
		ln.conns <- wrap(theirs)
		play(t, &client{t, ours, bufio.NewReader(ours)}, stop)
		_ = ours.Close()
		if err := stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

func half(c net.Conn) net.Conn { return halfConn{c} }

// A request that drips in has ten seconds.
func TestSlowRequest(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		begun := time.Now()
		var sending sync.WaitGroup
		defer sending.Wait()
		sending.Go(func() {
			request := "GET / HTTP/1.1\r\nHost: bench\r\nX: " + strings.Repeat("x", 100)
			for i := range request {
				time.Sleep(time.Second)
				if _, err := c.Write([]byte(request[i : i+1])); err != nil {
					return
				}
			}
		})
		_, _ = io.ReadAll(c.in) // the server may say why
		if took := time.Since(begun); took != requestTime {
			t.Errorf("dropped after %v, want %v", took, requestTime)
		}
	})
}

// No device needs more than some hundred octets of header.
func TestLongRequest(t *testing.T) {
	c := dial(t, serve(t, Options{}))
	c.send([]byte("GET / HTTP/1.1\r\nHost: bench\r\nX: " + strings.Repeat("x", maxHeaderBytes+8<<10) + "\r\n\r\n"))
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 431 ") {
		t.Errorf("got %s", head)
	}
}

// Devices are quiet for days.
func TestQuietDevice(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		time.Sleep(30 * 24 * time.Hour)
		go c.Write(frame(finText, "x"))
		c.want(finText, "x")
	})
}

// A peer that does not answer a Close frame is let go after a second.
func TestNoAnswerToClose(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/greet", 1)))
		c.head()
		go c.Write(frame(finText, "x"))
		c.want(finText, "Hello x!")
		c.want(closing, "\x03\xe8")
		begun := time.Now()
		if _, err := c.in.ReadByte(); err != io.EOF {
			t.Errorf("got error %v", err)
		}
		if took := time.Since(begun); took != patience {
			t.Errorf("let go after %v, want %v", took, patience)
		}
	})
}

// TCP ends with the Close frame, not some seconds later, even in mid-frame.
func TestNoWaitAfterClose(t *testing.T) {
	for name, test := range map[string]struct {
		octets []byte
		code   uint16
	}{
		"closing handshake": {frame(closing, "\x03\xe8"), 1000},
		"opcode 3":          {frame(0x83, "x"), 1002},
		"in mid-message":    {append(frame(startText, "x"), frame(0x83, "x")...), 1002},
		"not masked":        {[]byte{finText, 1, 'x'}, 1002},
		"bad text":          {frame(finText, "\xffrest to come")[:7], 1007},
		"bad close":         {frame(closing, "\x03\xe8\xff"), 1007},
	} {
		t.Run(name, func(t *testing.T) {
			onPipe(t, func(t *testing.T, c *client, _ func() error) {
				go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
				c.head()
				begun := time.Now()
				go c.Write(test.octets)
				c.wantClose(test.code)
				if took := time.Since(begun); took != 0 {
					t.Errorf("TCP ended after %v", took)
				}
			})
		})
	}
}

// A halfConn can be closed by halves, as TCP can. Its peer does not see it.
type halfConn struct{ net.Conn }

func (halfConn) CloseWrite() error { return nil }

// A peer may be sending when the server closes. Its octets are taken for half a
// second more: a reset in answer to them could overtake the Close frame.
func TestLingering(t *testing.T) {
	onWrappedPipe(t, Options{}, half, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		go c.Write(frame(finText, "\xff"))
		c.want(closing, "\x03\xeftext is not UTF-8")
		for range 4 {
			time.Sleep(lingering / 5)
			c.send(frame(finText, "late"))
		}
		time.Sleep(lingering)
		if _, err := c.Write([]byte("too late")); err == nil {
			t.Errorf("the socket was open after %v", lingering)
		}
	})
}

// A stop waits for the closing handshakes, and for no one else.
func TestStopWaits(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, stop func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		begun := time.Now()
		answered := make(chan struct{})
		go func() {
			c.want(closing, "\x03\xe9")
			time.Sleep(patience / 2)
			c.send(frame(closing, "\x03\xe9"))
			close(answered)
		}()
		_ = stop()
		<-answered
		if took := time.Since(begun); took != patience/2 {
			t.Errorf("stopped after %v, want %v", took, patience/2)
		}
	})
	onPipe(t, func(t *testing.T, c *client, stop func() error) {
		synctest.Wait() // until the server waits for a request
		begun := time.Now()
		_ = stop()
		c.wantEnd()
		if took := time.Since(begun); took != 0 {
			t.Errorf("who sent no request was dropped after %v", took)
		}
	})
}

// A pong has as long as an answer to leave, and no longer.
func TestPongNobodyReads(t *testing.T) {
	onWrappedPipe(t, Options{}, half, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		c.send(frame(ping, "x"))
		time.Sleep(writeTime + lingering)
		synctest.Wait()
		if _, err := c.Write([]byte{0}); err == nil {
			t.Error("the connection is still open")
		}
	})
}

// A peer that never reads what it is sent must not hold up the stop.
func TestStopWithPeerThatNeverReads(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, stop func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		c.send(frame(finText, "x"))
		synctest.Wait() // until the answer waits to be read
		begun := time.Now()
		_ = stop()
		if took := time.Since(begun); took != patience {
			t.Errorf("stopped after %v, want %v", took, patience)
		}
	})
}

// A stuckLog is a terminal that was stopped.
type stuckLog struct{}

func (stuckLog) Write(p []byte) (int, error) {
	time.Sleep(10 * grace)
	return len(p), nil
}

func TestStopWithStuckLog(t *testing.T) {
	onWrappedPipe(t, Options{Log: stuckLog{}}, half, func(t *testing.T, c *client, stop func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		synctest.Wait()
		begun := time.Now()
		_ = stop()
		if took := time.Since(begun); took != grace {
			t.Errorf("stopped after %v, want %v", took, grace)
		}
		time.Sleep(10 * grace) // for the connection to end
	})
}
