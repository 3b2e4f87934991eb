package page_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// A device is a client that a witness sees, without a network.
type device struct {
	server net.Conn
	socket *socket
	random *rand.Rand
}

// A socket is its connection, as a server has it.
type socket struct {
	net.Conn // nil: what is not below is not called
	said     []byte
	from     string
}

func (s *socket) Accept() (net.Conn, error)   { return s, nil }
func (s *socket) Addr() net.Addr              { return s.LocalAddr() }
func (s *socket) LocalAddr() net.Addr         { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 9001} }
func (s *socket) Write(p []byte) (int, error) { return len(p), nil }
func (s *socket) Close() error                { return nil }

func (s *socket) RemoteAddr() net.Addr {
	address, _ := net.ResolveTCPAddr("tcp", s.from)
	return address
}

func (s *socket) Read(p []byte) (int, error) {
	if len(s.said) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.said)
	s.said = s.said[n:]
	return n, nil
}

// connect lets a device open a WebSocket.
func connect(w *witness.Witness, from, agent, target string, fields ...handshake.Field) *device {
	s := &socket{from: from}
	server, _ := w.Listen(s).Accept()
	d := &device{server, s, rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
	var nonce [16]byte
	for i := range nonce {
		nonce[i] = byte(d.random.Uint32())
	}
	key := handshake.NewKey(nonce)
	r := handshake.NewRequest("10.0.0.1:9001", target, key)
	if agent != "" {
		fields = append(fields, handshake.Field{Name: "User-Agent", Value: agent})
	}
	r.Header = append(r.Header, fields...)
	d.says(r.Append(nil))
	_, _ = server.Write(handshake.NewResponse(key).Append(nil))
	return d
}

func (d *device) says(octets []byte) {
	d.socket.said = octets
	_, _ = io.Copy(io.Discard, struct{ io.Reader }{d.server})
}

// sends sends a frame with a random mask key.
func (d *device) sends(op wire.Opcode, payload string) {
	h := wire.Header{Fin: true, Opcode: op, Masked: true, Length: uint64(len(payload))}
	for i := range h.Key {
		h.Key[i] = byte(d.random.Uint32())
	}
	octets := []byte(payload)
	wire.Mask(octets, h.Key, 0)
	d.says(append(h.Append(nil), octets...))
}

// sendsPlain sends a text without a mask.
func (d *device) sendsPlain(text string) {
	d.says(append(wire.Header{Fin: true, Opcode: wire.Text, Length: uint64(len(text))}.Append(nil), text...))
}

// gets lets the server send a text.
func (d *device) gets(text string) {
	_, _ = d.server.Write(append(wire.Header{Fin: true, Opcode: wire.Text, Length: uint64(len(text))}.Append(nil), text...))
}

func (d *device) leaves() { _ = d.server.Close() }

// connectMany lets n devices connect, from an address each.
func connectMany(w *witness.Witness, n int) (devices []*device) {
	for i := range n {
		devices = append(devices, connect(w, fmt.Sprintf("10.1.%d.%d:5000", i/200, i%200), "board", "/"))
	}
	return devices
}

func TestDeviceIsRight(t *testing.T) {
	w := witness.New(witness.Options{})
	d := connect(w, "10.0.0.7:5000", "board", "/")
	d.sends(wire.Text, "hi")
	d.gets("hi")
	if seen := w.Devices()[0]; seen.Received != 1 || seen.Sent != 1 || len(seen.Violations) != 0 {
		t.Errorf("%+v", seen)
	}
}
