package simulated

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/profile"
)

func TestNames(t *testing.T) {
	names := Names()
	if want := []string{"arduino-esp8266", "micropython", "microwebsrv", "simple-websockets"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	for _, name := range names {
		if _, err := profile.Load(name); err != nil {
			t.Error(err)
		}
	}
}

func TestServeUnknown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	err = Serve(t.Context(), ln, "toaster")
	if want := `no device is called "toaster"; there are arduino-esp8266, micropython, microwebsrv, simple-websockets`; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err := ln.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

func TestServeReportsAListenerThatFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := Serve(t.Context(), ln, "microwebsrv"); err == nil || !strings.HasPrefix(err.Error(), "accept: ") {
		t.Errorf("got %v", err)
	}
}

// When ctx ends, connections do, whatever their state, and Serve returns.
func TestServeEnds(t *testing.T) {
	for _, name := range Names() {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- Serve(ctx, ln, name) }()
		address := ln.Addr().String()
		first := reopen(t, address)
		silent, half := dial(t, address), dial(t, address)
		half.send(request[:40])
		first.send("\x81\xfe")
		cancel()
		if err := <-served; err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, c := range []client{first, silent, half} {
			if _, err := io.Copy(io.Discard, c.Conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Errorf("%s: a connection is open", name)
			}
		}
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s: the listener is open", name)
		}
	}
}

func TestHeadsAreBounded(t *testing.T) {
	for _, name := range Names() {
		c := dial(t, serve(t, name))
		go func() { _, _ = io.WriteString(c.Conn, "GET / HTTP/1.1\r\nX: "+strings.Repeat("x", 10<<20)) }()
		if n, _ := io.Copy(io.Discard, c.Conn); n > 0 {
			t.Errorf("%s: %d octets came", name, n)
		}
	}
}

// Whatever comes, a device neither crashes nor hangs: it serves the next client.
func TestGarbage(t *testing.T) {
	for _, name := range Names() {
		address := serve(t, name)
		for _, garbage := range []string{
			"\x16\x03\x01\x02\x00\x01", "\n\n\n\n", strings.Repeat("\x00", 1000), request + strings.Repeat("\xff", 1000),
			request + strings.Repeat("\x00", 1000), request + strings.Repeat("\x01\x80", 1000), request + "\x81", request + "\x81\xff\x7f",
		} {
			c := dial(t, address)
			c.send(garbage)
			_ = c.Conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c.Conn)
			c.Close()
		}
		reopen(t, address)
	}
}

// Who sees the end of a connection finds its slot free.
func TestSlotsAreFreeAtTheEnd(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := Device{Slots: 1, Full: Drops, Play: func(conn net.Conn) { _, _ = io.WriteString(conn, "hello") }}
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { served <- d.Serve(ctx, ln) }()
	for range 500 {
		c := dial(t, ln.Addr().String())
		c.want("hello")
		c.wantEnd()
		c.Close()
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
