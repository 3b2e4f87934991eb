package simulated

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"unicode/utf8"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// simpleWebsockets is mbirtwell/simple-websockets (2015-04-19) behind Python's
// http.server, with the example that answers text. Where the real one knows no
// limits, this one has some.
var simpleWebsockets = Device{
	Name:  "simple-websockets",
	Slots: 8,
	Full:  Waits,
	Play:  playSimpleWebsockets,
}

// simpleMaxMessage is as much memory as a message gets, in octets.
const simpleMaxMessage = 16 << 20

func playSimpleWebsockets(conn net.Conn) {
	request, rest, err := readRequest(conn, 0)
	key := request.Header.Get("Sec-WebSocket-Key")
	if err != nil || key == "" {
		return
	}
	_, err = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n"+
		"Upgrade: websocket\r\n"+
		"Connection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+handshake.Accept(key)+"\r\n"+
		"\r\n")
	in := bufio.NewReader(rest) // as Python's rfile is
	for err == nil {
		var answer []byte
		if answer, err = pongSimple(in); err == nil {
			err = writeSimple(conn, answer)
		}
	}
	// It raises, and http.server closes: no close frame, a bare FIN.
}

// pongSimple reads a text message, which is one frame, and returns the example's
// answer to it. Anything else is an error: fragments, control frames, binary,
// octets that are not UTF-8.
func pongSimple(in io.Reader) ([]byte, error) {
	h, err := wire.ReadHeader(in)
	if err != nil {
		return nil, err
	}
	if !h.Fin || !h.Masked || h.Length > simpleMaxMessage {
		return nil, io.ErrUnexpectedEOF
	}
	answer := bytes.NewBufferString("Pong: ") // grows with what comes, not with what is claimed
	head := answer.Len()
	if _, err := io.CopyN(answer, in, int64(h.Length)); err != nil {
		return nil, err
	}
	text := answer.Bytes()[head:]
	wire.Mask(text, h.Key, 0)
	if h.Opcode != wire.Text || !utf8.Valid(text) {
		return nil, io.ErrUnexpectedEOF
	}
	return answer.Bytes(), nil
}

// writeSimple writes a text frame in three or four writes: the first octet, the
// second, a longer length if there is one, the payload.
func writeSimple(conn net.Conn, payload []byte) error {
	head := wire.Header{Fin: true, Opcode: wire.Text, Length: uint64(len(payload))}.Append(nil)
	for _, octets := range [][]byte{head[:1], head[1:2], head[2:], payload} {
		if len(octets) == 0 {
			continue
		}
		if _, err := conn.Write(octets); err != nil {
			return err
		}
	}
	return nil
}
