package simulated

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"wsprobe/internal/wire"
)

// hang is when a test gives up waiting for what must come.
const hang = 10 * time.Second

// The key of RFC 6455 §1.3 and the accept value that belongs to it.
const (
	key    = "dGhlIHNhbXBsZSBub25jZQ=="
	accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

const request = "GET / HTTP/1.1\r\n" +
	"Host: device\r\n" +
	"Upgrade: websocket\r\n" +
	"Connection: Upgrade\r\n" +
	"Sec-WebSocket-Key: " + key + "\r\n" +
	"Sec-WebSocket-Version: 13\r\n" +
	"\r\n"

// serve serves a device until the test ends and returns the address.
func serve(t *testing.T, name string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, ln, name) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return ln.Addr().String()
}

// A client writes and reads octets, and does nothing of its own.
type client struct {
	*testing.T
	net.Conn
}

func dial(t *testing.T, address string) client {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(hang))
	return client{t, conn}
}

// open dials a device of that name and reads the head of its 101.
func open(t *testing.T, name string) client {
	t.Helper()
	return reopen(t, serve(t, name))
}

func reopen(t *testing.T, address string) client {
	t.Helper()
	c := dial(t, address)
	c.send(request)
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 101 ") {
		t.Fatalf("got head %q", head)
	}
	return c
}

func (c client) send(octets string) {
	c.Helper()
	if _, err := io.WriteString(c.Conn, octets); err != nil {
		c.Fatalf("send: %v", err)
	}
}

// head reads up to the blank line.
func (c client) head() string {
	c.Helper()
	var head []byte
	for !strings.HasSuffix(string(head), "\r\n\r\n") {
		var b [1]byte
		if _, err := io.ReadFull(c.Conn, b[:]); err != nil {
			c.Fatalf("after %q: %v", head, err)
		}
		head = append(head, b[0])
	}
	return string(head)
}

// want reads octets, given as text.
func (c client) want(octets string) {
	c.Helper()
	got := make([]byte, len(octets))
	n, err := io.ReadFull(c.Conn, got)
	if string(got[:n]) != octets || err != nil {
		c.Fatalf("got %s, error %v; want %s", cut(got[:n]), err, cut([]byte(octets)))
	}
}

// wantEnd wants a FIN and nothing before it.
func (c client) wantEnd() {
	c.Helper()
	if n, err := c.Read(make([]byte, 1)); n > 0 || err != io.EOF {
		c.Fatalf("got %d octets, error %v; want the end", n, err)
	}
}

// wantReset wants a reset and nothing before it.
func (c client) wantReset() {
	c.Helper()
	if n, err := c.Read(make([]byte, 1)); n > 0 || !errors.Is(err, syscall.ECONNRESET) {
		c.Fatalf("got %d octets, error %v; want a reset", n, err)
	}
}

func cut(b []byte) string {
	if len(b) > 64 {
		return hex.EncodeToString(b[:64]) + "…"
	}
	return hex.EncodeToString(b)
}

// octets are those of a string of hex, with blanks as the reader likes.
func octets(t *testing.T, s string) string {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// masked is a frame as a client sends it.
func masked(op wire.Opcode, payload string) string {
	return frame(wire.Header{Fin: true, Opcode: op}, payload)
}

// part is one that more fragments follow.
func part(op wire.Opcode, payload string) string { return frame(wire.Header{Opcode: op}, payload) }

func frame(h wire.Header, payload string) string {
	h.Masked, h.Key, h.Length = true, [4]byte{0x37, 0xfa, 0x21, 0x3d}, uint64(len(payload))
	b := []byte(payload)
	wire.Mask(b, h.Key, 0)
	return string(append(h.Append(nil), b...))
}

// plain is a frame as a server sends it.
func plain(op wire.Opcode, payload string) string {
	h := wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}
	return string(h.Append(nil)) + payload
}

// writes plays a device on a pipe, sends it octets after the request, and
// returns what it wrote until it was still, a write an element.
func writes(t *testing.T, play func(net.Conn), sent ...string) []string {
	t.Helper()
	host, device := net.Pipe()
	over := make(chan struct{})
	go func() {
		play(device)
		device.Close()
		close(over)
	}()
	go func() {
		for _, octets := range append([]string{request}, sent...) {
			_, _ = io.WriteString(host, octets)
		}
	}()
	var all []string
	buffer := make([]byte, 1<<20)
	for {
		_ = host.SetReadDeadline(time.Now().Add(hang))
		n, err := host.Read(buffer)
		if err != nil {
			break
		}
		all = append(all, string(buffer[:n]))
	}
	host.Close()
	<-over
	return all
}
