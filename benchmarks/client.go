package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"
)

// hang is how long anything may take before it counts as broken.
const hang = 30 * time.Second

// request is an opening handshake, with the key of RFC 6455 §1.3.
const request = "GET / HTTP/1.1\r\n" +
	"Host: %s\r\n" +
	"Upgrade: websocket\r\n" +
	"Connection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
	"Sec-WebSocket-Version: 13\r\n" +
	"\r\n"

// open opens a WebSocket.
func open(address string) (net.Conn, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(hang))
	if _, err = fmt.Fprintf(c, request, address); err == nil {
		err = readSwitching(c)
	}
	if err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("opening handshake: %w", err)
	}
	return c, nil
}

// readSwitching reads a 101, which nothing follows until a message is sent.
func readSwitching(c net.Conn) error {
	head := make([]byte, 0, 1<<10)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if len(head) == cap(head) {
			return fmt.Errorf("no end of the response in %q", head)
		}
		n, err := c.Read(head[len(head):cap(head)])
		if err != nil {
			return err
		}
		head = head[:len(head)+n]
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
		return fmt.Errorf("refused: %q", head)
	}
	return nil
}

// openMany opens so many; those that it did are returned with an error, too.
func openMany(address string, n int) (all []net.Conn, err error) {
	for range n {
		c, err := open(address)
		if err != nil {
			return all, fmt.Errorf("connection %d: %w", len(all)+1, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// leaveAll ends TCP with resets, so that the ports are free again at once.
func leaveAll(all []net.Conn) {
	for _, c := range all {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
}

// First octets of frames: FIN and the opcode (RFC 6455 §5.2).
const (
	opText   = 0x81
	opBinary = 0x82
)

// keys is how many masking keys a message is sent with, in turn: one that came
// again soon would be a violation, and work for the witness.
const keys = 32

// A script is what a client sends, one after the other, and what it gets each
// time. Nothing of it is made while the clock runs.
type script struct {
	questions [keys][]byte
	answer    []byte
}

func newScript(first byte, octets int) *script {
	s := &script{}
	payload := strings.Repeat(`{"sensor":"kitchen","celsius":21.5,"humid":false}`+"\n", octets/50+1)[:octets]
	s.answer = append(appendHeader(nil, first, 0, octets), payload...)
	for i := range s.questions {
		key := binary.LittleEndian.AppendUint32(nil, rand.Uint32())
		question := append(appendHeader(nil, first, 0x80, octets), key...)
		for i := range octets {
			question = append(question, payload[i]^key[i&3])
		}
		s.questions[i] = question
	}
	return s
}

// appendHeader appends a frame's header, less the masking key.
func appendHeader(b []byte, first, mask byte, octets int) []byte {
	switch b = append(b, first); {
	case octets < 126:
		return append(b, mask|byte(octets))
	case octets < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, mask|126), uint16(octets))
	default:
		return binary.BigEndian.AppendUint64(append(b, mask|127), uint64(octets))
	}
}

// ask sends the i-th question and reads the answer, into a buffer as long.
func (s *script) ask(c net.Conn, i int, buffer []byte) error {
	if _, err := c.Write(s.questions[i%keys]); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, buffer); err != nil {
		return err
	}
	if !bytes.Equal(buffer, s.answer) {
		return fmt.Errorf("answered with %.20x…, want %.20x…", buffer, s.answer)
	}
	return nil
}
