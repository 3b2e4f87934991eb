package simulated

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// arduino is the server of Links2004/arduinoWebSockets 2.7.3 on an ESP8266. Its
// sketch is the stock example, which greets, made to send text and binary back.
var arduino = Device{
	Name:  "arduino-esp8266",
	Slots: 5, // WEBSOCKETS_SERVER_CLIENT_MAX
	Full:  Drops,
	Play:  playArduino,
}

const (
	arduinoMaxData = 15 * 1024       // WEBSOCKETS_MAX_DATA_SIZE, octets of a frame
	arduinoTimeout = 5 * time.Second // WEBSOCKETS_TCP_TIMEOUT
	arduinoOneGo   = 1400            // payloads below leave in one write with their header
)

const arduinoRefusal = "HTTP/1.1 400 Bad Request\r\n" +
	"Server: arduino-WebSocket-Server\r\n" +
	"Content-Type: text/plain\r\n" +
	"Content-Length: 32\r\n" +
	"Connection: close\r\n" +
	"Sec-WebSocket-Version: 13\r\n" +
	"\r\n" +
	"This is a Websocket server only!"

func playArduino(conn net.Conn) {
	request, in, err := readRequest(conn, arduinoTimeout)
	if err != nil {
		return
	}
	a := arduinoClient{conn, in}
	if !arduinoTakes(request) {
		a.write([]byte(arduinoRefusal))
		return
	}
	a.write([]byte(arduinoHead(request)))
	a.send(wire.Ping, nil)
	a.send(wire.Text, []byte("Connected")) // the sketch, on WStype_CONNECTED
	for a.loop() {
	}
}

func arduinoTakes(r handshake.Request) bool {
	return r.Method == "GET" && r.Target != "" &&
		strings.EqualFold(r.Header.Get("Upgrade"), "websocket") &&
		strings.Contains(strings.ToLower(r.Header.Get("Connection")), "upgrade") &&
		r.Header.Get("Sec-WebSocket-Key") != "" &&
		r.Header.Get("Sec-WebSocket-Version") == "13"
}

func arduinoHead(r handshake.Request) string {
	head := "HTTP/1.1 101 Switching Protocols\r\n" +
		"Server: arduino-WebSocketsServer\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Accept: " + handshake.Accept(r.Header.Get("Sec-WebSocket-Key")) + "\r\n"
	if r.Header.Get("Sec-WebSocket-Protocol") != "" {
		head += "Sec-WebSocket-Protocol: arduino\r\n" // offered or not
	}
	return head + "\r\n"
}

// arduinoClient is what the library calls WSclient_t: one connection.
type arduinoClient struct {
	net.Conn
	in io.Reader
}

// loop handles one frame, and says whether another may follow. Nothing is
// checked but the length and the opcode; there is no reassembly.
func (a arduinoClient) loop() bool {
	h, in, err := a.header()
	switch {
	case err == io.EOF:
		return false
	case err != nil:
		return a.disconnect(wire.ProtocolError)
	case h.Length > arduinoMaxData:
		return a.disconnect(wire.MessageTooBig) // and the payload stays unread
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(in, payload); err != nil {
		return a.disconnect(wire.ProtocolError)
	}
	if h.Masked {
		wire.Mask(payload, h.Key, 0)
	}
	switch h.Opcode {
	case wire.Text, wire.Binary:
		if h.Fin { // WStype_TEXT and WStype_BIN, which the sketch sends back
			return a.send(h.Opcode, payload)
		}
	case wire.Continuation, wire.Pong: // events that the sketch has no case for
	case wire.Ping:
		return a.send(wire.Pong, payload)
	case wire.Close:
		return a.disconnect(wire.NormalClosure) // whatever the code was
	default:
		return a.disconnect(wire.ProtocolError)
	}
	return true
}

// header waits for a frame as long as it takes, and then for the rest of its
// header, and of its payload in the reader it returns, as a stalled loop() does.
func (a arduinoClient) header() (wire.Header, io.Reader, error) {
	var first [1]byte
	_ = a.SetReadDeadline(time.Time{})
	if _, err := io.ReadFull(a.in, first[:]); err != nil {
		return wire.Header{}, nil, io.EOF
	}
	rest := impatient{a.Conn, a.in, arduinoTimeout}
	h, err := wire.ReadHeader(io.MultiReader(bytes.NewReader(first[:]), rest))
	return h, rest, err
}

func (a arduinoClient) disconnect(code wire.StatusCode) bool {
	a.send(wire.Close, binary.BigEndian.AppendUint16(nil, uint16(code)))
	return false
}

// send writes a frame, and says whether that went well.
func (a arduinoClient) send(op wire.Opcode, payload []byte) bool {
	head := wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}.Append(nil)
	if len(payload) < arduinoOneGo {
		return a.write(append(head, payload...))
	}
	return a.write(head) && a.write(payload)
}

func (a arduinoClient) write(octets []byte) bool {
	_ = a.SetWriteDeadline(time.Now().Add(arduinoTimeout))
	_, err := a.Write(octets)
	return err == nil
}
