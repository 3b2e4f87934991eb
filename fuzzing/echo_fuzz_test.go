package fuzzing_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"wsprobe/internal/echo"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// FuzzEcho lets a client offer any extension and send any frames. The server
// refuses the offers that the harness's own reader does, whatever it answers is
// lawful, and the connection comes to its end.
func FuzzEcho(f *testing.F) {
	for _, offer := range []string{"", "permessage-deflate", "permessage-deflate; server_max_window_bits=9, x", `permessage-deflate; client_max_window_bits="1\0"`, "a;;b", ",", "a=b", `a; b="`} {
		for _, frames := range []string{
			"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "\xc1\x87\x00\x00\x00\x00\xf2\x48\xcd\xc9\xc9\x07\x00", "\xc1\x88\x00\x00\x00\x00\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
			"\x41\x83\x00\x00\x00\x00\xf2\x48\xcd\x89\x80\x00\x00\x00\x00\x80\x84\x00\x00\x00\x00\xc9\xc9\x07\x00", "\xc2\x81\x00\x00\x00\x00\x00\xc1\xfe\x00\x01\x00\x00\x00\x00\x00",
			"\xc0\x80\x00\x00\x00\x00", "\xc9\x80\x00\x00\x00\x00", "\x88\x82\x00\x00\x00\x00\x03\xe8",
		} {
			f.Add(offer, []byte(frames), true)
			f.Add(offer, []byte(frames), false)
		}
	}
	ln := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	o := echo.Options{Deflate: echo.DeflateTakeover, MaxMessage: 1 << 16, Idle: 20 * time.Millisecond}
	ctx := f.Context()
	go func() { _ = echo.Serve(ctx, ln, o) }()
	f.Fuzz(func(t *testing.T, offer string, frames []byte, together bool) {
		if strings.ContainsFunc(offer, func(r rune) bool { return r < ' ' || r > '~' }) || len(offer) > 4096 {
			return // no field value
		}
		client, server := net.Pipe()
		defer client.Close()
		ln.conns <- server
		_ = client.SetDeadline(time.Now().Add(10 * time.Second))
		r := handshake.NewRequest("bench", "/", "dGhlIHNhbXBsZSBub25jZQ==")
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: offer})
		head := r.Append(nil)
		go func() {
			if together {
				_, _ = client.Write(append(head, frames...))
				return
			}
			_, _ = client.Write(head)
			_, _ = client.Write(frames)
		}()
		in := bufio.NewReader(client)
		answer, err := handshake.ReadResponse(in, 1<<16)
		if err != nil {
			t.Fatal(err)
		}
		_, fault := handshake.ParseExtensions(strings.Trim(offer, " "))
		if (answer.Status == 400) != (fault != nil) {
			t.Fatalf("status %d to %q, which has this fault: %v", answer.Status, offer, fault)
		}
		if answer.Status != 101 {
			return
		}
		extensions, err := answer.Header.Extensions()
		if err != nil {
			t.Fatal(err)
		}
		readLawful(t, in, wire.State{RSV: uint8(4 * len(extensions))})
	})
}

// readLawful reads a server's frames to the end.
func readLawful(t *testing.T, in io.Reader, state wire.State) {
	for {
		h, err := wire.ReadHeader(in)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if wrong := wire.Check(h, wire.Server, state); wrong != nil {
			t.Fatal(wrong)
		}
		payload, err := io.ReadAll(io.LimitReader(in, int64(h.Length)))
		if err != nil {
			t.Fatal(err)
		}
		if h.Opcode == wire.Close && uint64(len(payload)) == h.Length {
			if wrong := wire.CheckClose(bytes.Clone(payload), wire.Server); wrong != nil {
				t.Fatal(wrong)
			}
		}
		state = state.Next(h)
	}
}

// pipes is a listener in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}
