package browser_test

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// A device is a client of the server that sends what it likes.
type device struct {
	*testing.T
	socket net.Conn
	from   *bufio.Reader
}

// connect opens a WebSocket, from the address 127.0.0.N where the system has it.
func connect(t *testing.T, server string, n byte, target, agent, more string) device {
	t.Helper()
	dialer := net.Dialer{Timeout: hang}
	if runtime.GOOS == "linux" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, n)}
	}
	socket, err := dialer.Dial("tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	_ = socket.SetDeadline(time.Now().Add(2 * hang))
	if agent != "" {
		more += "User-Agent: " + agent + "\r\n"
	}
	fmt.Fprintf(socket, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
		target, server, base64.StdEncoding.EncodeToString(random(16)), more)
	d := device{t, socket, bufio.NewReader(socket)}
	answer, err := http.ReadResponse(d.from, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", answer, err)
	}
	return d
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

const text, binary = 0x81, 0x82

// say sends a frame with a random mask key, short enough for a length of 7 bits,
// and waits for the answer.
func (d device) say(first byte, payload string) {
	d.Helper()
	d.sayMasked(first, payload, random(4))
}

func (d device) sayMasked(first byte, payload string, key []byte) {
	d.Helper()
	frame := append([]byte{first, 0x80 | byte(len(payload))}, key...)
	for i := range len(payload) {
		frame = append(frame, payload[i]^key[i%4])
	}
	if _, err := d.socket.Write(frame); err != nil {
		d.Fatal(err)
	}
	answer := make([]byte, 2+len(payload))
	if _, err := io.ReadFull(d.from, answer); err != nil {
		d.Fatal(err)
	}
}

// lie sends a frame without a mask, which the server does not bear.
func (d device) lie() {
	d.Helper()
	if _, err := d.socket.Write([]byte("\x81\x02hi")); err != nil {
		d.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, d.from)
	_ = d.socket.Close()
}
