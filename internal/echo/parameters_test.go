package echo

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// What is wrong with a URL is said in one line, with what is wanted.
func TestBadParameters(t *testing.T) {
	address := serve(t, Options{})
	for path, want := range map[string]string{
		"/slow?delay=2":                             `/slow: delay "2": not a time from 0s to 1m, such as 2s`,
		"/slow?delay=61s":                           `/slow: delay "61s": not a time from 0s to 1m, such as 2s`,
		"/slow?delay=-1s":                           `/slow: delay "-1s": not a time from 0s to 1m, such as 2s`,
		"/slow?dealy=2s":                            `/slow: no parameter is called "dealy", but delay`,
		"/slow?delay=1s&delay=2s":                   `/slow: delay is given twice`,
		"/slow?delay=%":                             `/slow: invalid URL escape "%"; a % is written as %25, a ; as %3B`,
		"/slow?delay=%ff":                           `/slow: delay "\xff": not UTF-8`,
		"/drip?octets=0":                            `/drip: octets "0": not a number from 1 to 4096`,
		"/drip?every=0s":                            `/drip: every "0s": not a time from 1ms to 10s, such as 100ms`,
		"/fragment?size=0":                          `/fragment: size "0": not a number from 1 to 65536`,
		"/push?every=1ms":                           `/push: every "1ms": not a time from 10ms to 1h, such as 1s`,
		"/push?size=65537":                          `/push: size "65537": not a number from 0 to 65536`,
		"/push?count=1e6":                           `/push: count "1e6": not a number from 0 to 1000000`,
		"/push?rate=1":                              `/push: no parameter is called "rate", but every, size, count`,
		"/ping?every=never":                         `/ping: every "never": not a time from 10ms to 1h, such as 1s`,
		"/flood?count=100001":                       `/flood: count "100001": not a number from 1 to 100000`,
		"/big?size=67108865":                        `/big: size "67108865": not a number from 0 to 67108864`,
		"/close?code=1005":                          `/close: code "1005": not one that a Close frame may hold (RFC 6455 §7.4 and IANA's registry): 1000 to 1003, 1007 to 1014, 3000 to 4999`,
		"/close?code=2999":                          `/close: code "2999": not one that a Close frame may hold (RFC 6455 §7.4 and IANA's registry): 1000 to 1003, 1007 to 1014, 3000 to 4999`,
		"/close?code=999":                           `/close: code "999": not a number from 1000 to 4999`,
		"/close?reason=" + strings.Repeat("x", 124): `/close: reason "` + strings.Repeat("x", 124) + `": longer than 123 octets, RFC 6455 §5.5`,
		"/reset?after=2h":                           `/reset: after "2h": not a time from 0s to 1h, such as 0s`,
		"/reply?format=x":                           `/reply: format "x": needs "%s" (in a URL: %25s) exactly once, where the text goes`,
		"/refuse?status=101":                        `/refuse: status "101": not a number from 200 to 599`,
		"/redirect?to=//elsewhere":                  `/redirect: to "//elsewhere": not a path, such as /echo`,
		"/redirect?to=http://a":                     `/redirect: to "http://a": not a path, such as /echo`,
		"/redirect?to=/%0d%0aX:y":                   `/redirect: to "/\r\nX:y": not a path, such as /echo`,
		"/redirect?to=/%00":                         `/redirect: to "/\x00": not a path, such as /echo`,
		"/redirect?to=/a%20b":                       `/redirect: to "/a b": not a path, such as /echo`,
		"/redirect?to=/%c3%bc":                      `/redirect: to "/ü": not a path, such as /echo`,
		"/redirect?status=304":                      `/redirect: status "304": not one of 301, 302, 303, 307, 308`,
	} {
		c := dial(t, address)
		c.send([]byte(strings.Replace(strings.Replace(handshake, "Host", "Connection: close\r\nHost", 1), "%s", path, 1)))
		head := c.head()
		body, err := io.ReadAll(c.in)
		if !strings.HasPrefix(head, "HTTP/1.1 400 ") || err != nil || string(body) != want+"\n" {
			t.Errorf("%s: got %s%s (%v), want %s", path, head, body, err, want)
		}
	}
}

// What a device puts in a URL for reasons of its own is no business of a
// behaviour that takes nothing.
func TestForeignParameters(t *testing.T) {
	address := serve(t, Options{})
	for _, path := range []string{"/?token=x", "/echo?token=x&%", "/elsewhere?delay=2s"} {
		c := open(t, address, path)
		c.send(frame(finText, "x"))
		c.want(finText, "x")
	}
}

// What is shown as an example is what happens without it, or works.
func TestExamples(t *testing.T) {
	for _, b := range Behaviours() {
		if _, err := parseAction(strings.TrimPrefix(b.URL(), "/")); err != nil {
			t.Errorf("%s: %v", b.URL(), err)
		}
		if b.Does == "" || strings.HasSuffix(b.Does, ".") {
			t.Errorf("%s does %q", b.Path, b.Does)
		}
	}
}

func TestOpenings(t *testing.T) {
	address := serve(t, Options{})
	for _, test := range []struct{ path, header, want string }{
		{"/subprotocol", "", "101\r\n"},
		{"/subprotocol", "Sec-WebSocket-Protocol: arduino, chat", "101\r\nSec-WebSocket-Protocol: arduino\r\n"},
		{"/subprotocol?name=chat", "Sec-WebSocket-Protocol: arduino, chat", "101\r\nSec-WebSocket-Protocol: chat\r\n"},
		{"/subprotocol?name=chat", "Sec-WebSocket-Protocol: arduino\r\nSec-WebSocket-Protocol: chat", "101\r\nSec-WebSocket-Protocol: chat\r\n"},
		{"/subprotocol?name=chat", "Sec-WebSocket-Protocol: arduino", "101\r\n"},
		{"/subprotocol?name=chat", "", "101\r\n"},
		{"/subprotocol", "Sec-WebSocket-Protocol: a b", "101\r\n"},
		{"/subprotocol", "Sec-WebSocket-Protocol: a/b, a b, chat", "101\r\nSec-WebSocket-Protocol: chat\r\n"},
		{"/subprotocol?name=a%20b", "Sec-WebSocket-Protocol: a b", "101\r\n"},
		{"/auth", "", "401\r\nWWW-Authenticate: Basic realm=\"wsecho\"\r\nWWW-Authenticate: Bearer realm=\"wsecho\"\r\n"},
		{"/auth", "Authorization: Basic dXNlcjpQYXNzd29yZA==", "101\r\n"},
		{"/auth", "Authorization: Basic dXNlcjp3cm9uZw==", "401\r\nWWW-Authenticate: Basic realm=\"wsecho\"\r\nWWW-Authenticate: Bearer realm=\"wsecho\"\r\n"},
		{"/auth", "Authorization: Bearer token", "101\r\n"},
		{"/auth?token=abc", "Authorization: bearer abc", "101\r\n"},
		{"/auth?token=abc", "Authorization: Bearer token", "401\r\nWWW-Authenticate: Basic realm=\"wsecho\"\r\nWWW-Authenticate: Bearer realm=\"wsecho\"\r\n"},
		{"/auth?user=u&password=p", "Authorization: Basic dTpw", "101\r\n"},
		{"/refuse", "", "403\r\n"},
		{"/refuse?status=599", "", "599\r\n"},
		{"/refuse?status=204", "", "204\r\n"},
		{"/redirect", "", "302\r\nLocation: /echo\r\n"},
		{"/redirect?status=307&to=/greet?keep", "", "307\r\nLocation: /greet?keep\r\n"},
	} {
		c := dial(t, address)
		request := strings.Replace(handshake, "%s", test.path, 1)
		if test.header != "" {
			request = strings.TrimSuffix(request, "\r\n") + test.header + "\r\n\r\n"
		}
		c.send([]byte(request))
		head := c.head()
		status, _, _ := strings.Cut(strings.TrimPrefix(head, "HTTP/1.1 "), " ")
		got := status + "\r\n"
		for line := range strings.Lines(head) {
			for _, name := range []string{"Sec-WebSocket-Protocol:", "Www-Authenticate:", "WWW-Authenticate:", "Location:"} {
				if strings.HasPrefix(line, name) {
					got += strings.Replace(line, "Www", "WWW", 1)
				}
			}
		}
		if got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.path, test.header, got, test.want)
		}
		if status == "101" {
			c.send(frame(finText, "x"))
			c.want(finText, "x")
		}
	}
}

// A device that was told to give credentials may do so on the same connection.
func TestAuthAgain(t *testing.T) {
	var log writeLog
	c := dial(t, serve(t, Options{Log: &log}))
	request := strings.Replace(handshake, "%s", "/auth", 1)
	c.send([]byte(request))
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 401 ") {
		t.Fatal(head)
	}
	if line, err := c.in.ReadString('\n'); line != "401, no credentials\n" {
		t.Fatalf("%q, %v", line, err)
	}
	c.send([]byte(strings.TrimSuffix(request, "\r\n") + "Authorization: Bearer token\r\n\r\n"))
	if got := c.head(); got != switching {
		t.Errorf("got %s", got)
	}
	want := fmt.Sprintf("Refused %s: 401, no credentials\n", c.LocalAddr())
	if got := log.all(); len(got) == 0 || got[0] != want {
		t.Errorf("log %q, want %q", got, want)
	}
}

func TestLogOfSubprotocol(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Log: &log})
	for _, path := range []string{"/subprotocol", "/subprotocol?name=x", "/echo"} {
		c := dial(t, address)
		c.send([]byte(strings.TrimSuffix(strings.Replace(handshake, "%s", path, 1), "\r\n") + "Sec-WebSocket-Protocol: a, b\r\n\r\n"))
		c.head()
		c.send(frame(finText, "x"))
		c.want(finText, "x")
	}
	said := strings.Join(log.all(), "")
	for _, want := range []string{"\nSubprotocol a\n", "\nNo subprotocol, offered: a, b\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %q", want, said)
		}
	}
	if got := strings.Count(said, "No subprotocol"); got != 2 {
		t.Errorf("%d times that there is none in %q, want 2", got, said)
	}
}
