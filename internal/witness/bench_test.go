package witness_test

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// BenchmarkWatch is the cost of a message and its answer to the witness alone.
func BenchmarkWatch(b *testing.B) {
	for _, m := range []struct {
		name string
		h    wire.Header
		n    int
	}{{"text-16", text, 16}, {"binary-125", binary, 125}, {"text-4KiB", text, 4 << 10}, {"text-64KiB", text, 64 << 10}, {"binary-64KiB", binary, 64 << 10}} {
		b.Run(m.name, func(b *testing.B) {
			w := witness.New(witness.Options{})
			random := rand.New(rand.NewPCG(1, 2))
			c := newTalk(w, 64<<10)
			c.open(random)
			var questions [1 << 8][]byte
			for i := range questions {
				questions[i] = masked(random, m.h, strings.Repeat("*", m.n))
			}
			answer := plain(m.h, strings.Repeat("*", m.n))
			buffer := make([]byte, 128<<10)
			b.SetBytes(int64(m.n))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.socket.said = questions[i%len(questions)]
				for len(c.socket.said) > 0 {
					_, _ = c.server.Read(buffer)
				}
				_, _ = c.server.Write(answer)
			}
		})
	}
}

// BenchmarkRoundTrip is an echo over loopback TCP, with the witness and without.
func BenchmarkRoundTrip(b *testing.B) {
	without := func(ln net.Listener) net.Listener { return ln }
	for _, m := range []struct {
		name string
		h    wire.Header
		n    int
	}{{"binary-125", binary, 125}, {"text-64KiB", text, 64 << 10}, {"binary-64KiB", binary, 64 << 10}} {
		for _, how := range []string{"without", "with"} {
			b.Run(m.name+"/"+how, func(b *testing.B) {
				listen := without
				if how == "with" {
					listen = witness.New(witness.Options{}).Listen
				}
				random := rand.New(rand.NewPCG(1, 2))
				conn, err := net.Dial("tcp", serve(b, listen))
				if err != nil {
					b.Fatal(err)
				}
				defer conn.Close()
				in := bufio.NewReader(conn)
				_, _ = conn.Write(handshake.NewRequest("a", "/", newKey(random)).Append(nil))
				if _, err := handshake.ReadResponse(in, 1<<10); err != nil {
					b.Fatal(err)
				}
				var questions [64][]byte // a key that comes again would be a violation
				for i := range questions {
					questions[i] = masked(random, m.h, strings.Repeat("*", m.n))
				}
				answer := make([]byte, len(plain(m.h, strings.Repeat("*", m.n))))
				b.SetBytes(int64(m.n))
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if _, err := conn.Write(questions[i%len(questions)]); err != nil {
						b.Fatal(err)
					}
					if _, err := io.ReadFull(in, answer); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
