package witness_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// A socket is a connection whose device says what a test has put there.
type socket struct {
	net.Conn // nil: what is not below is not called
	said     []byte
	gone     bool
	remote   string
}

func (s *socket) Read(p []byte) (int, error) {
	if len(s.said) == 0 && s.gone {
		return 0, io.EOF
	}
	if len(s.said) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, s.said)
	s.said = s.said[n:]
	return n, nil
}

func (s *socket) Write(p []byte) (int, error) { return len(p), nil }
func (s *socket) Close() error                { return nil }
func (s *socket) LocalAddr() net.Addr         { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 9001} }
func (s *socket) RemoteAddr() net.Addr {
	address, _ := net.ResolveTCPAddr("tcp", s.remote)
	return address
}

// one is a listener with one connection.
type one struct{ net.Conn }

func (o one) Accept() (net.Conn, error) { return o.Conn, nil }
func (o one) Addr() net.Addr            { return o.LocalAddr() }

// A talk is a connection seen from both ends, in pieces of that many octets.
type talk struct {
	socket *socket
	server net.Conn
	piece  int
}

func newTalk(w *witness.Witness, piece int) *talk {
	s := &socket{remote: "10.0.0.7:51234"}
	server, _ := w.Listen(one{s}).Accept()
	return &talk{socket: s, server: server, piece: piece}
}

func (t *talk) device(octets []byte) {
	t.socket.said = octets
	buffer := make([]byte, t.piece)
	for len(t.socket.said) > 0 {
		_, _ = t.server.Read(buffer)
	}
}

func (t *talk) answer(octets []byte) {
	for len(octets) > 0 {
		n := min(t.piece, len(octets))
		_, _ = t.server.Write(octets[:n])
		octets = octets[n:]
	}
}

// open is an ordinary opening handshake.
func (t *talk) open(random *rand.Rand) {
	key := newKey(random)
	t.device(request(key).Append(nil))
	t.answer(handshake.NewResponse(key).Append(nil))
}

func newKey(random *rand.Rand) string {
	var key [16]byte
	for i := range key {
		key[i] = byte(random.Uint32())
	}
	return handshake.NewKey(key)
}

func request(key string) handshake.Request { return handshake.NewRequest("10.0.0.1:9001", "/", key) }

// masked is a frame as a client must send it, with a key of chance.
func masked(random *rand.Rand, h wire.Header, payload string) []byte {
	var key [4]byte
	for i := range key {
		key[i] = byte(1 + random.IntN(255))
	}
	return keyed(key, h, payload)
}

func keyed(key [4]byte, h wire.Header, payload string) []byte {
	h.Masked, h.Key = true, key
	if h.Length == 0 {
		h.Length = uint64(len(payload))
	}
	octets := []byte(payload)
	wire.Mask(octets, key, 0)
	return append(h.Append(nil), octets...)
}

func plain(h wire.Header, payload string) []byte {
	h.Length = uint64(len(payload))
	return append(h.Append(nil), payload...)
}

// events collects what w shows until stop is called.
func events(w *witness.Witness, kinds ...witness.Kind) (stop func() []witness.Event) {
	ctx, cancel := context.WithCancel(context.Background())
	seen := w.Subscribe(ctx, kinds...)
	return func() (all []witness.Event) {
		cancel()
		for e := range seen {
			all = append(all, e)
		}
		return all
	}
}

func rowsOf(w *witness.Witness) string {
	var rows []string
	for _, d := range w.Devices() {
		for _, v := range d.Violations {
			rows = append(rows, v.Row)
		}
	}
	return strings.Join(rows, " ")
}

// metrics is the text of /metrics.
func metrics(t *testing.T, w *witness.Witness) string {
	t.Helper()
	return scrape(t, w.Metrics())
}

const hang = 10 * time.Second
