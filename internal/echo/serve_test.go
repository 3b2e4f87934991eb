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

// A peer that never reads what it is sent must not hold up the stop.
func TestStopWithPeerThatNeverReads(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log writeLog
	stop := serveOn(t, ln, Options{Log: &log})
	c := open(t, ln.Addr().String(), "/")
	_ = c.Conn.(*net.TCPConn).SetReadBuffer(4096) // the kernel must not read it either
	c.send(frame(finBinary, strings.Repeat("*", 16<<20)))
	for log.all()[len(log.all())-1][0] != '>' { // until the answer is being written
		time.Sleep(time.Millisecond)
	}
	begun := time.Now()
	if err := stop(); err != nil {
		t.Errorf("serve: %v", err)
	}
	if took := time.Since(begun); took > hang {
		t.Errorf("the stop took %v", took)
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
	_ = ln.Close()
	if err := Serve(context.Background(), ln, Options{}); err == nil {
		t.Error("no error from a closed listener")
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
func onPipe(t *testing.T, play func(t *testing.T, c *client)) {
	synctest.Test(t, func(t *testing.T) {
		ln := &pipeListener{make(chan net.Conn), make(chan struct{})}
		stop := serveOn(t, ln, Options{})
		ours, theirs := net.Pipe()
		ln.conns <- theirs
		play(t, &client{t, ours, bufio.NewReader(ours)})
		_ = ours.Close()
		if err := stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

// A request that drips in has ten seconds.
func TestSlowRequest(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client) {
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

func TestEndlessRequest(t *testing.T) {
	c := dial(t, serve(t, Options{}))
	c.send([]byte("GET / HTTP/1.1\r\nHost: bench\r\n"))
	go func() {
		line := []byte("X: " + strings.Repeat("x", 1000) + "\r\n")
		for {
			if _, err := c.Write(line); err != nil {
				return
			}
		}
	}()
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 431 ") {
		t.Errorf("got %s", head)
	}
}

// Devices are quiet for days.
func TestQuietDevice(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		time.Sleep(30 * 24 * time.Hour)
		go c.Write(frame(finText, "x"))
		c.want(finText, "x")
	})
}

// A peer that does not answer a Close frame is let go after a second.
func TestNoAnswerToClose(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client) {
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
