package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// exchanged sends octets after an opening handshake with a good key and this
// Host, and returns the status line and all that comes until the end. Each test
// is a device of its own, whose masks may be those of another.
func exchanged(t *testing.T, address, host, octets string) (status, got string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(hang))
	var key [16]byte
	_, _ = rand.Read(key[:])
	request := "GET / HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
		base64.StdEncoding.EncodeToString(key[:]) + "\r\nSec-WebSocket-Version: 13\r\nUser-Agent: " + t.Name() + "\r\n\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode == http.StatusSwitchingProtocols {
		_, _ = io.WriteString(c, octets)
		rest, _ := io.ReadAll(in)
		return answer.Status, string(rest)
	}
	if got := answer.Header.Get("Sec-WebSocket-Version"); got != "13" { // RFC 6455 §4.4
		t.Errorf("a refusal names version %q", got)
	}
	rest, _ := io.ReadAll(answer.Body)
	return answer.Status, string(rest)
}

// What is named is refused, by its name; what is lawful is not, nor what only
// follows from the RFC. What the server refuses anyway keeps its code.
func TestStrict(t *testing.T) {
	_, address, _ := running(t, "--strict", "--show", "none")
	_, lenient, _ := running(t, "--show", "none")
	const lawful, closed = "\x81\x82\x11\x22\x33\x44\x79\x4b", "\x88\x82\x55\x17\x21\x09\x56\xff"
	for name, c := range map[string]struct{ host, octets, status, want, otherwise string }{
		"lawful": {address, lawful + closed, "101", "\x81\x02hi\x88\x02\x03\xe8", "\x81\x02hi\x88\x02\x03\xe8"},
		"no mask at all": {address, "\x81\x80\x00\x00\x00\x00" + closed, "101",
			"\x88\x42\x03\xeaMSK-08: a mask key of zero, which masks nothing (RFC 6455 §5.3)", "\x81\x00\x88\x02\x03\xe8"},
		"no mask after what is lawful": {address, lawful + "\x89\x81\x05\x06\x07\x08\x64\x81\x80\x00\x00\x00\x00" + lawful + closed, "101",
			"\x81\x02hi\x8a\x01a\x88\x42\x03\xeaMSK-08: ", "\x81\x02hi\x8a\x01a\x81\x00\x81\x02hi"},
		"no UTF-8 in the second part": {address, "\x01\x82\x91\x82\x73\x64\xf9\xeb\x89\x80\x15\x26\x37\x48\x80\x81\x01\x02\x03\x04\xfe", "101",
			"\x8a\x00\x88\x4d\x03\xefUTF-07: ", "\x8a\x00\x88"},
		"a length of 2 in 16 bits": {address, "\x82\xfe\x00\x02\x01\x02\x03\x04hi" + closed, "101",
			"\x88\x3b\x03\xeaLEN-02: a length of 2 spelled in 16 bits (RFC 6455 §5.2)", "\x82\x02ik\x88\x02\x03\xe8"},
		"no UTF-8":             {address, "\x81\x81\x01\x02\x03\x04\xfe" + closed, "101", "\x88\x4d\x03\xefUTF-07: ", "\x88"},
		"no port":              {"127.0.0.1", closed, "400", "CRQ-04: Host \"127.0.0.1\" leaves out the port, which is ", "\x88\x02\x03\xe8"},
		"text after its close": {address, closed + lawful, "101", "\x88\x02\x03\xe8", "\x88\x02\x03\xe8"},
	} {
		t.Run(name, func(t *testing.T) {
			host := strings.Replace(c.host, lenient, address, 1)
			status, got := exchanged(t, address, host, c.octets)
			if !strings.HasPrefix(status, c.status) || !strings.HasPrefix(got, c.want) {
				t.Errorf("strict: %s, %q, want %s, %q", status, got, c.status, c.want)
			}
			host = strings.Replace(c.host, address, lenient, 1)
			if status, got := exchanged(t, lenient, host, c.octets); !strings.HasPrefix(status, "101") || !strings.HasPrefix(got, c.otherwise) {
				t.Errorf("otherwise: %s, %q, want %q", status, got, c.otherwise)
			}
		})
	}
}
