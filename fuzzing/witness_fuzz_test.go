package fuzzing_test

import (
	"io"
	"net"
	"reflect"
	"testing"
	"time"

	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// FuzzWitness lets a device and a server say anything. What is seen of it does
// not depend on how the octets come, and is bounded.
func FuzzWitness(f *testing.F) {
	const (
		request = "GET /x HTTP/1.1\r\nHost: a:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
		polling = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"
		answer  = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: a\r\n\r\n"
		deflate = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	)
	for _, frames := range []string{
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "\x01\x81\x00\x00\x00\x00\xc3\x89\x80\x01\x02\x03\x04\x80\x81\x00\x00\x00\x00\xa9", "\x81\x02hi\xff\x7e\x00\x01",
		"\x88\x82\x00\x00\x00\x00\x03\xed\x81\x00", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", "\x83\x00\x8f\x00",
	} {
		f.Add([]byte(request), []byte(answer), []byte(frames), []byte("\x81\x02hi\x88\x02\x03\xe8"))
		f.Add([]byte(polling+request), []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"+deflate), []byte(frames), []byte(frames))
		f.Add([]byte(request+frames), []byte(answer), []byte("x"), []byte(""))
		f.Add([]byte(request), []byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 No\r\n\r\n"), []byte(request), []byte(answer))
	}
	f.Fuzz(func(t *testing.T, head, answer, frames, answers []byte) {
		whole := watched(1<<20, head, answer, frames, answers)
		if pieces := watched(1, head, answer, frames, answers); !reflect.DeepEqual(pieces, whole) {
			t.Errorf("octet by octet:\n%+v\nat once:\n%+v", pieces, whole)
		}
		for _, d := range whole {
			if len(d.UserAgent)+len(d.Path)+len(d.Subprotocol) > 3*128 || len(d.Frames) > 32 || len(d.Violations) > 64 {
				t.Errorf("%+v is larger than promised", d)
			}
			for _, v := range d.Violations {
				if v.Row == "" || v.Clause == "" || v.Detail == "" || len(v.Octets) > 96 || len(v.String()) > 1024 {
					t.Errorf("%+v is incomplete or too long", v)
				}
			}
			for _, frame := range d.Frames {
				if len(frame.Payload) > wire.MaxControl || frame.Seen > uint64(len(head)+len(answer)+len(frames)+len(answers)) {
					t.Errorf("%+v has more than was sent", frame)
				}
			}
		}
	})
}

// watched lets both say their octets in turn, in pieces, and returns what is
// seen, without the time.
func watched(piece int, head, answer, frames, answers []byte) []witness.Device {
	w := witness.New(witness.Options{})
	talk(w, piece, head, answer, frames, answers)
	devices := w.Devices()
	for i := range devices {
		devices[i], _ = w.Device(devices[i].ID)
		devices[i].Since, devices[i].Came, devices[i].LastSeen, devices[i].Left = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		for j := range devices[i].Frames {
			devices[i].Frames[j].Time = time.Time{}
		}
		for j, v := range devices[i].Violations {
			if v.Row == "CRQ-01" { // of what is no HTTP, as much is shown as is at hand
				devices[i].Violations[j].Octets, devices[i].Violations[j].More = nil, false
			}
		}
	}
	return devices
}

// talk lets a device and a server say their octets in turn, in pieces, before a
// witness.
func talk(w *witness.Witness, piece int, head, answer, frames, answers []byte) {
	device := &saying{piece: piece}
	server, _ := w.Listen(device).Accept()
	for i, octets := range [][]byte{head, answer, frames, answers} {
		if i%2 == 0 {
			device.octets = octets
			_, _ = io.Copy(io.Discard, struct{ io.Reader }{server})
			continue
		}
		for len(octets) > 0 {
			n := min(piece, len(octets))
			_, _ = server.Write(octets[:n])
			octets = octets[n:]
		}
	}
	_ = server.Close()
}

// saying is a connection whose device says octets, piece by piece, and the
// listener that has it.
type saying struct {
	net.Conn
	octets []byte
	piece  int
}

func (s *saying) Accept() (net.Conn, error) { return s, nil }
func (s *saying) Addr() net.Addr            { return s.LocalAddr() }
func (s *saying) LocalAddr() net.Addr       { return &net.TCPAddr{Port: 9001} }
func (s *saying) RemoteAddr() net.Addr      { return &net.TCPAddr{Port: 51234} }
func (s *saying) Close() error              { return nil }

func (s *saying) Write(p []byte) (int, error) { return len(p), nil }

func (s *saying) Read(p []byte) (int, error) {
	if len(s.octets) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.piece)], s.octets)
	s.octets = s.octets[n:]
	return n, nil
}
