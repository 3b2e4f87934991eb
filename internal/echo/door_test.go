package echo

import (
	"io"
	"net"
	"strings"
	"testing"
)

// Requests that net/http answers by itself are lines, too, whatever stands around the
// connection; so is a second one, and what the handler answers is one line, not two.
func TestLogOfUnheardRequests(t *testing.T) {
	good := strings.Replace(handshake, "%s", "/", 1)
	bad := strings.Replace(good, ": 13", ": 12", 1)
	const why = `unsupported WebSocket protocol version (only 13 is supported): "12"`
	for _, c := range []struct{ name, request, want string }{
		{"a long field", strings.Replace(good, "Host:", "X: "+strings.Repeat("x", 24<<10)+"\r\nHost:", 1), "431 Request Header Fields Too Large"},
		{"no Host", strings.Replace(good, "Host: bench\r\n", "", 1), "400 Bad Request: missing required Host header"},
		{"two Hosts", strings.Replace(good, "Host:", "Host: a\r\nHost:", 1), "400 Bad Request"},
		{"a space behind a name", strings.Replace(good, "Upgrade:", "Upgrade :", 1), "400 Bad Request: invalid header name"},
		{"a space in the path", strings.Replace(handshake, "%s", "/a b", 1), "400 Bad Request"},
		{"an unknown coding", strings.Replace(good, "Host:", "Transfer-Encoding: x\r\nHost:", 1), "501 Not Implemented"},
		{"TLS", "\x16\x03\x01\x00\xc8\x01\x00\r\n\r\n", "400 Bad Request"},
		{"the wrong version", bad, why},
		{"the wrong version, then no Host", bad + strings.Replace(good, "Host: bench\r\n", "", 1), why + "\n400 Bad Request: missing required Host header"},
		{"no opening handshake", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", ""},
		{"half a request", good[:40], "400 Bad Request"},
		{"nothing", "", ""},
	} {
		var log writeLog
		client := dial(t, serve(t, Options{Log: &log}))
		client.send([]byte(c.request))
		_ = client.Conn.(*net.TCPConn).CloseWrite()
		_, _ = io.ReadAll(client.in)
		var want strings.Builder
		for line := range strings.Lines(c.want) {
			want.WriteString("Refused " + client.LocalAddr().String() + ": " + strings.TrimRight(line, "\n") + "\n")
		}
		if got := strings.Join(log.all(), ""); got != want.String() {
			t.Errorf("%s: shown is %q, want %q", c.name, got, want.String())
		}
	}
}

// The longest head that is taken is the one that the manual names.
func TestLongestHead(t *testing.T) {
	const most = 20 << 10
	for octets, want := range map[int]string{most: "HTTP/1.1 101 ", most + 1: "HTTP/1.1 431 "} {
		c := dial(t, serve(t, Options{}))
		request := strings.Replace(handshake, "%s", "/", 1)
		request = strings.Replace(request, "Host:", "X: "+strings.Repeat("x", octets-len(request)-5)+"\r\nHost:", 1)
		c.send([]byte(request))
		if head := c.head(); len(request) != octets || !strings.HasPrefix(head, want) {
			t.Errorf("a head of %d octets: %.30q, want %q", len(request), head, want)
		}
	}
}
