package echo

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// hang is when a test gives up waiting for what must come.
const hang = 10 * time.Second

const handshake = "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// serve serves o until the test ends and returns the address.
func serve(t testing.TB, o Options) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, ln, o)
	return ln.Addr().String()
}

func serveOn(t testing.TB, ln net.Listener, o Options) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, ln, o) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-served
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return stop
}

// A client is a peer that does nothing of its own.
type client struct {
	testing.TB
	net.Conn
	in *bufio.Reader
}

// dial connects without an opening handshake.
func dial(t testing.TB, address string) *client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(hang))
	return &client{t, c, bufio.NewReaderSize(c, 64<<10)}
}

// open connects and opens the WebSocket.
func open(t testing.TB, address, path string) *client {
	t.Helper()
	c := dial(t, address)
	c.send([]byte(strings.Replace(handshake, "%s", path, 1)))
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 101 ") {
		t.Fatalf("answer to the opening handshake: %q", head)
	}
	return c
}

func (c *client) send(octets []byte) {
	c.Helper()
	if _, err := c.Write(octets); err != nil {
		c.Fatalf("send: %v", err)
	}
}

// head reads a response to its blank line.
func (c *client) head() string {
	c.Helper()
	var head strings.Builder
	for !strings.HasSuffix(head.String(), "\r\n\r\n") {
		line, err := c.in.ReadString('\n')
		head.WriteString(line)
		if err != nil {
			c.Fatalf("response %q: %v", head.String(), err)
		}
	}
	return head.String()
}

// next reads a frame: its first octet and its payload.
func (c *client) next() (first byte, payload []byte) {
	c.Helper()
	first, payload, err := readFrame(c.in, nil)
	if err != nil {
		c.Fatalf("next frame: %v", err)
	}
	return first, payload
}

func (c *client) want(first byte, payload string) {
	c.Helper()
	gotFirst, got := c.next()
	if gotFirst != first || string(got) != payload {
		c.Fatalf("got frame %#x %s, want %#x %s", gotFirst, cut(got), first, cut([]byte(payload)))
	}
}

// wantOctets reads so many, and they must be these.
func (c *client) wantOctets(want string) {
	c.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(c.in, got); err != nil || string(got) != want {
		c.Fatalf("got octets %q (%v), want %q", cut(got[:n]), err, cut([]byte(want)))
	}
}

// wantClose awaits a Close frame with the code, and then the end of TCP.
func (c *client) wantClose(code uint16) {
	c.Helper()
	first, payload := c.next()
	if first != 0x88 || len(payload) < 2 || binary.BigEndian.Uint16(payload) != code {
		c.Fatalf("got frame %#x %q, want close %d", first, payload, code)
	}
	c.wantEnd()
}

// wantEnd awaits a FIN, and no reset.
func (c *client) wantEnd() {
	c.Helper()
	if b, err := c.in.ReadByte(); err != io.EOF {
		c.Fatalf("got octet %#x, error %v, want the end", b, err)
	}
}

func readFrame(in *bufio.Reader, buf []byte) (first byte, payload []byte, err error) {
	var h [10]byte
	if _, err = io.ReadFull(in, h[:2]); err != nil {
		return 0, nil, err
	}
	n := int(h[1]) // a mask bit would show as a length that is wrong
	switch n {
	case 126:
		_, err = io.ReadFull(in, h[2:4])
		n = int(binary.BigEndian.Uint16(h[2:]))
	case 127:
		_, err = io.ReadFull(in, h[2:10])
		n = int(binary.BigEndian.Uint64(h[2:]))
	}
	if err != nil {
		return 0, nil, err
	}
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	_, err = io.ReadFull(in, buf[:n])
	return h[0], buf[:n], err
}

// frame is a masked frame.
func frame(first byte, payload string) []byte { return appendFrame(nil, first, payload) }

func appendFrame(b []byte, first byte, payload string) []byte {
	b = append(b, first)
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	mask := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

func cut(p []byte) string {
	if len(p) > 40 {
		return string(p[:40]) + "…"
	}
	return string(p)
}
