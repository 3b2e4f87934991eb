package echo

import (
	"net"
	"strings"
	"testing"
	"time"
)

// The octets, for devices that look for them: names as in RFC 6455, one blank
// after the colon, and nothing that is not needed.
const switching = "HTTP/1.1 101 Switching Protocols\r\n" +
	"Connection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
	"Upgrade: websocket\r\n" +
	"\r\n"

func TestHandshakeOctets(t *testing.T) {
	address := serve(t, Options{})
	for name, more := range map[string]string{
		"plain":       "",
		"extension":   "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
		"subprotocol": "Sec-WebSocket-Protocol: arduino, chat\r\n",
		"origin":      "Origin: file://\r\n",
		"foreign":     "Origin: http://elsewhere.example\r\n",
		"null":        "Origin: null\r\n",
		"login":       "Authorization: Basic dXNlcjpQYXNzd29yZA==\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/", "/echo", "/greet", "/chat?x=1", "//a/../b", "/%20"} {
				c := dial(t, address)
				request := strings.Replace(handshake, "%s", path, 1)
				c.send([]byte(strings.TrimSuffix(request, "\r\n") + more + "\r\n"))
				if got := c.head(); got != switching {
					t.Errorf("%s: got\n%s\nwant\n%s", path, got, switching)
				}
			}
		})
	}
	if len(switching) >= 500 {
		t.Errorf("the response has %d octets", len(switching))
	}
}

// A refusal spells its header as the RFC does, whoever has refused.
func TestRefusalOfObjection(t *testing.T) {
	address := serve(t, Options{Object: func(net.Conn) (lawful, code int, why string) { return 0, 1002, "no" }})
	c := dial(t, address)
	c.send([]byte(strings.Replace(handshake, "%s", "/", 1)))
	if got := c.head(); !strings.HasPrefix(got, "HTTP/1.1 400 ") || !strings.Contains(got, "\r\nSec-WebSocket-Version: 13\r\n") {
		t.Errorf("got\n%s", got)
	}
}

// "a server MUST NOT generate content in a 205 response" (RFC 9110 §15.3.6), and no 204 or
// 304 has any.
func TestRefusalsWithoutContent(t *testing.T) {
	address := serve(t, Options{})
	for _, status := range []string{"204", "205", "304"} {
		c := dial(t, address)
		c.send([]byte(strings.Replace(handshake, "%s", "/refuse?status="+status, 1)))
		if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 "+status+" ") || strings.Contains(head, "Content-Type") {
			t.Errorf("%s: got\n%s", status, head)
		}
		c.send([]byte(strings.Replace(handshake, "%s", "/", 1))) // what is not answered is content
		if head := c.head(); head != switching {
			t.Errorf("after %s: got\n%s", status, head)
		}
	}
}

// A 101 to a request with content would be told to close the connection.
func TestHandshakeWithContent(t *testing.T) {
	address := serve(t, Options{})
	for more, want := range map[string]string{
		"Content-Length: 0\r\n":          switching,
		"Content-Length: 4294967296\r\n": "HTTP/1.1 400 Bad Request\r\n",
		"Transfer-Encoding: chunked\r\n": "HTTP/1.1 400 Bad Request\r\n",
	} {
		c := dial(t, address)
		request := strings.Replace(handshake, "%s", "/", 1)
		c.send([]byte(strings.TrimSuffix(request, "\r\n") + more + "\r\n"))
		if got := c.head(); !strings.HasPrefix(got, want) {
			t.Errorf("%q: got\n%s", more, got)
		}
		if want == switching {
			continue
		}
		why, _ := c.in.ReadString('\n')
		if !strings.Contains(why, "the request has content, which in a GET means nothing and may hide another request (RFC 9110 §9.3.1)\n") {
			t.Errorf("%q: refused because %q", more, why)
		}
	}
}

// Small devices send a request line by line, each in its own segment.
func TestHandshakeInSegments(t *testing.T) {
	c := dial(t, serve(t, Options{}))
	for line := range strings.Lines(strings.Replace(handshake, "%s", "/", 1)) {
		c.send([]byte(line))
		time.Sleep(2 * time.Millisecond) // for the segments to be apart; the test holds if they are not
	}
	if got := c.head(); got != switching {
		t.Errorf("got\n%s", got)
	}
	c.send(frame(finText, "x"))
	c.want(finText, "x")
}

func TestFramesTogetherWithHandshake(t *testing.T) {
	c := dial(t, serve(t, Options{}))
	long := strings.Repeat("long", 3000)
	octets := []byte(strings.Replace(handshake, "%s", "/", 1))
	octets = append(octets, frame(finText, "first")...)
	octets = append(octets, frame(0x81, long)...)
	c.send(octets)
	if got := c.head(); got != switching {
		t.Errorf("got\n%s", got)
	}
	c.want(finText, "first")
	c.want(0x81, long)
}

func TestRequestsBeforeHandshake(t *testing.T) {
	c := dial(t, serve(t, Options{}))
	for range 3 {
		c.send([]byte("GET / HTTP/1.1\r\nHost: bench\r\nConnection: keep-alive\r\n\r\n"))
		if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 ") {
			t.Fatalf("got %s", head)
		}
		for line := ""; !strings.Contains(line, "/engine.io/"); { // the last
			var err error
			if line, err = c.in.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.send([]byte(strings.Replace(handshake, "%s", "/", 1)))
	if got := c.head(); got != switching {
		t.Errorf("got\n%s", got)
	}
	c.send(frame(finText, "x"))
	c.want(finText, "x")
}

func TestRefusals(t *testing.T) {
	address := serve(t, Options{})
	good := strings.Replace(handshake, "%s", "/", 1)
	for name, test := range map[string]struct{ old, new, status, header string }{
		"version":    {"Version: 13", "Version: 12", "400", "\r\nSec-WebSocket-Version: 13\r\n"},
		"no key":     {"Sec-WebSocket-Key: ", "X-Key: ", "400", ""},
		"key foo":    {"dGhlIHNhbXBsZSBub25jZQ==", "foo", "400", ""},
		"no upgrade": {"Upgrade: websocket", "X: y", "426", "\r\nUpgrade: websocket\r\n"},
		"connection": {"Connection: Upgrade", "Connection: close", "426", "\r\nUpgrade: websocket\r\n"},
		"HTTP/1.0":   {"HTTP/1.1", "HTTP/1.0", "426", ""},
		"POST":       {"GET", "POST", "405", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, address)
			c.send([]byte(strings.Replace(good, test.old, test.new, 1)))
			head := c.head()
			_, status, _ := strings.Cut(head, " ")
			if !strings.HasPrefix(status, test.status+" ") || !strings.Contains(head, test.header) {
				t.Errorf("got\n%s\nwant %s and %q", head, test.status, test.header)
			}
		})
	}
}
