package simulated

import (
	"errors"
	"io"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// microwebsrv is jczic/MicroWebSrv (2023-01-17) with the main.py that comes with
// it, which answers text and prints binary.
var microwebsrv = Device{
	Name:  "microwebsrv",
	Slots: 1, // WebSocketThreaded = False
	Full:  Waits,
	Play:  playMicrowebsrv,
}

const (
	microwebsrvMaxMessage = 256             // MaxWebSocketRecvLen, octets
	microwebsrvRequest    = 2 * time.Second // for the request, and then
	microwebsrvIdle       = time.Hour
)

const microwebsrvIndex = "HTTP/1.1 200 OK\r\n" +
	"Content-Type: text/html; charset=UTF-8\r\n" +
	"Content-Length: 21\r\n" +
	"Server: MicroWebSrv by JC`zic\r\n" +
	"Connection: close\r\n" +
	"\r\n" +
	"<h1>MicroWebSrv</h1>\r\n"

func playMicrowebsrv(conn net.Conn) {
	request, in, err := readRequest(conn, microwebsrvRequest)
	if err != nil || request.Proto == "" {
		return
	}
	fields := request.Header
	switch key := fields.Get("Sec-WebSocket-Key"); {
	case !strings.Contains(strings.ToLower(fields.Get("Connection")), "upgrade"),
		!strings.EqualFold(fields.Get("Upgrade"), "websocket"):
		_, _ = io.WriteString(conn, microwebsrvIndex)
	case key != "":
		_, err = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n"+
			"Connection: Upgrade\r\n"+
			"Upgrade: websocket\r\n"+
			"Sec-WebSocket-Accept: "+handshake.Accept(key)+"\r\n"+
			"Server: MicroWebSrv by JC`zic\r\n"+
			"\r\n")
		m := microwebsrvClient{conn: conn, in: impatient{conn, in, microwebsrvIdle}}
		for err == nil {
			err = m.frame()
		}
		_ = m.send(wire.Close, nil) // the only thing it says of any error
	}
}

type microwebsrvClient struct {
	conn    net.Conn
	in      io.Reader
	opcode  wire.Opcode // of the message that has begun, 0 if none has
	message []byte
}

// frame handles one frame; an error ends the connection. Masks and reserved bits
// are not checked.
func (m *microwebsrvClient) frame() error {
	h, err := wire.ReadHeader(m.in)
	switch {
	case err != nil:
		return err
	case h.Form == wire.Form64:
		return errMicrowebsrv
	}
	switch h.Opcode {
	case wire.Text, wire.Binary:
		m.opcode = h.Opcode
		return m.data(h)
	case wire.Continuation:
		return m.data(h)
	case wire.Ping:
		if _, err := m.payload(h, wire.MaxControl); err != nil {
			return err
		}
		// It reads the payload into a copy of the buffer that it answers from.
		return m.send(wire.Pong, make([]byte, h.Length))
	case wire.Pong:
		_, err := m.payload(h, wire.MaxControl)
		return err
	}
	return errMicrowebsrv // a close too: its payload stays unread
}

var errMicrowebsrv = errors.New("the connection is to end")

// data adds a frame to the message, and answers it if it is the last. An empty
// frame is taken for the end.
func (m *microwebsrvClient) data(h wire.Header) error {
	if m.opcode == 0 || h.Length == 0 {
		return errMicrowebsrv
	}
	payload, err := m.payload(h, microwebsrvMaxMessage-len(m.message))
	if err != nil {
		return err
	}
	if m.message = append(m.message, payload...); !h.Fin {
		return nil
	}
	message, text := m.message, m.opcode == wire.Text
	m.message, m.opcode = nil, 0
	if text && utf8.Valid(message) { // else decode() raises, which is printed
		return m.send(wire.Text, append([]byte("Reply for "), message...))
	}
	return nil
}

// payload reads the payload of a frame if it is of at most so many octets.
func (m *microwebsrvClient) payload(h wire.Header, limit int) ([]byte, error) {
	if h.Length > uint64(limit) {
		return nil, errMicrowebsrv
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(m.in, payload); err != nil {
		return nil, err
	}
	if h.Masked {
		wire.Mask(payload, h.Key, 0)
	}
	return payload, nil
}

func (m *microwebsrvClient) send(op wire.Opcode, payload []byte) error {
	frame := wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}.Append(nil)
	_, err := m.conn.Write(append(frame, payload...))
	return err
}
