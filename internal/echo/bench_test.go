package echo

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// plain is the echo server of coder/websocket's own documentation, to measure
// ours against.
func plain(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(DefaultMaxMessage)
	for {
		typ, message, err := c.Read(context.Background())
		if err != nil {
			return
		}
		if err := c.Write(context.Background(), typ, message); err != nil {
			return
		}
	}
}

func servePlain(b *testing.B) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(plain)}
	go server.Serve(ln)
	b.Cleanup(func() { server.Close() })
	return ln.Addr().String()
}

// BenchmarkEcho is a round trip over loopback TCP, beside that of plain
// coder/websocket.
func BenchmarkEcho(b *testing.B) {
	cases := []struct {
		name     string
		octets   []byte
		received int
	}{
		{"text-16", frame(finText, strings.Repeat("*", 16)), 16},
		{"binary-125", frame(finBinary, strings.Repeat("*", 125)), 125},
		{"text-4KiB", frame(finText, strings.Repeat("*", 4<<10)), 4 << 10},
		{"text-64KiB", frame(finText, strings.Repeat("*", 64<<10)), 64 << 10},
		{"binary-64KiB", frame(finBinary, strings.Repeat("*", 64<<10)), 64 << 10},
		{"text-1MiB", frame(finText, strings.Repeat("*", 1<<20)), 1 << 20},
		{"umlauts-1MiB", frame(finText, strings.Repeat("ü", 1<<19)), 1 << 20},
		{"binary-1MiB", frame(finBinary, strings.Repeat("*", 1<<20)), 1 << 20},
		{"text-16MiB", frame(finText, strings.Repeat("*", 16<<20)), 16 << 20},
		{"binary-16MiB", frame(finBinary, strings.Repeat("*", 16<<20)), 16 << 20},
		{"text-4MiB-in-64s", fragments(finText, 4<<20, 64), 4 << 20},
		{"binary-4MiB-in-64s", fragments(finBinary, 4<<20, 64), 4 << 20},
	}
	for _, bc := range cases {
		for _, server := range []string{"wsecho", "plain"} {
			b.Run(bc.name+"/"+server, func(b *testing.B) {
				address := ""
				if server == "plain" {
					address = servePlain(b)
				} else {
					address = serve(b, Options{})
				}
				c := open(b, address, "/")
				_ = c.SetDeadline(time.Time{})
				b.SetBytes(int64(bc.received))
				b.ReportAllocs()
				var buf []byte
				for b.Loop() {
					sent := make(chan error, 1)
					if len(bc.octets) > 64<<10 { // else it fits in the socket's buffers
						go func() { _, err := c.Write(bc.octets); sent <- err }()
					} else {
						c.send(bc.octets)
						sent <- nil
					}
					var err error
					if _, buf, err = readFrame(c.in, buf); err != nil || len(buf) != bc.received {
						b.Fatalf("got %d octets, %v", len(buf), err)
					}
					if err := <-sent; err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// fragments is a message of n octets in frames of size octets.
func fragments(first byte, n, size int) []byte {
	var b []byte
	payload := strings.Repeat("*", size)
	for i := 0; i < n; i += size {
		head := byte(0)
		if i == 0 {
			head = first &^ 0x80
		}
		if i+size >= n {
			head |= 0x80
		}
		b = appendFrame(b, head, payload)
	}
	return b
}
