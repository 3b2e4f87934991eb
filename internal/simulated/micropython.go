package simulated

import (
	"bufio"
	"io"
	"net"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// micropython is the C module "websocket" of MicroPython v1.29, and a program
// that writes back what it reads. The module is a stream: it shows the program
// octets, not messages, and answers no ping.
var micropython = Device{
	Name:  "micropython",
	Slots: 1, // the program takes the next when it is done with one
	Full:  Waits,
	Play:  playMicropython,
}

// micropythonRead is how much the program reads at once, in octets.
const micropythonRead = 1024

func playMicropython(conn net.Conn) {
	request, in, err := readRequest(conn, 0)
	key := micropythonField(request, "Sec-WebSocket-Key")
	if err != nil || key == "" {
		return
	}
	_, err = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n"+
		"Upgrade: websocket\r\n"+
		"Connection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+handshake.Accept(key)+"\r\n"+
		"\r\n")
	if err != nil {
		return
	}
	s := &micropythonStream{conn: conn, in: in}
	octets := bufio.NewReader(s)
	for s.frame(octets) == nil {
	}
}

// micropythonField finds a field as the module does, which compares names octet
// by octet: "sec-websocket-key" is another name.
func micropythonField(r handshake.Request, name string) string {
	for _, f := range r.Header {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

type micropythonStream struct {
	conn net.Conn
	in   io.Reader
	read []byte // by the program, and not yet written back
}

// Read reads from the connection. While the program waits for more it has
// written back what it had.
func (s *micropythonStream) Read(b []byte) (int, error) {
	if err := s.flush(); err != nil {
		return 0, err
	}
	return s.in.Read(b)
}

// frame takes one frame in; an error ends the program. Masks, reserved bits and
// text are not checked, and neither is the order of fragments.
func (s *micropythonStream) frame(octets io.Reader) error {
	h, err := wire.ReadHeader(octets)
	if err != nil {
		return err
	}
	if h.Form == wire.Form64 {
		return io.ErrShortBuffer // the module knows lengths of 16 bits
	}
	if h.Opcode.IsControl() {
		if _, err := io.CopyN(io.Discard, octets, int64(h.Length)); err != nil {
			return err
		}
		return s.control(h.Opcode)
	}
	for at := 0; at < int(h.Length); {
		piece := make([]byte, min(int(h.Length)-at, micropythonRead-len(s.read)))
		n, err := octets.Read(piece)
		if err != nil {
			return err
		}
		wire.Mask(piece[:n], h.Key, at)
		at += n
		if s.read = append(s.read, piece[:n]...); len(s.read) == micropythonRead {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// control answers a close; other control frames are read and forgotten.
func (s *micropythonStream) control(op wire.Opcode) error {
	if op != wire.Close {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if _, err := s.conn.Write([]byte{0x88, 0x00}); err != nil {
		return err
	}
	return io.EOF // which the program sees, and closes
}

// flush is the program's write: a text frame, whatever was read.
func (s *micropythonStream) flush() error {
	if len(s.read) == 0 {
		return nil
	}
	frame := wire.Header{Fin: true, Opcode: wire.Text, Length: uint64(len(s.read))}.Append(nil)
	_, err := s.conn.Write(append(frame, s.read...))
	s.read = s.read[:0]
	return err
}
