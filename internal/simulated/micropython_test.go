package simulated

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/wire"
)

const micropythonHello = "HTTP/1.1 101 Switching Protocols\r\n" +
	"Upgrade: websocket\r\n" +
	"Connection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: " + accept + "\r\n" +
	"\r\n"

// On a pipe each write is read whole, so what was sent in one write comes back
// in one frame, whatever messages it held.
func TestMicropythonIsAStream(t *testing.T) {
	long := strings.Repeat("x", 1024)
	got := writes(t, playMicropython,
		masked(wire.Text, "hello"),
		strings.Repeat(masked(wire.Text, "ab"), 50),
		masked(wire.Binary, "\xff")+part(wire.Text, "a")+masked(wire.Text, "b")+masked(wire.Continuation, "c"),
		masked(wire.Text, "")+masked(wire.Ping, "never")+masked(wire.Pong, "answered"),
		masked(wire.Text, long+"y"),
		plain(wire.Text, "no mask"),
		frame(wire.Header{Fin: true, RSV: 7, Opcode: wire.Text}, "rsv"),
		masked(wire.Text, "last")+masked(wire.Close, "\x03\xe8"))
	want := []string{
		micropythonHello,
		plain(wire.Text, "hello"),
		plain(wire.Text, strings.Repeat("ab", 50)),
		plain(wire.Text, "\xffabc"),
		plain(wire.Text, long), plain(wire.Text, "y"),
		plain(wire.Text, "no mask"),
		plain(wire.Text, "rsv"),
		plain(wire.Text, "last"), octets(t, "88 00"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What came of a message goes back before its rest is there.
func TestMicropythonInPieces(t *testing.T) {
	message := masked(wire.Text, "abcdefgh")
	got := writes(t, playMicropython, message[:3], message[3:9], message[9:13], message[13:], masked(wire.Close, ""))
	want := []string{micropythonHello, plain(wire.Text, "abc"), plain(wire.Text, "defg"), plain(wire.Text, "h"), octets(t, "88 00")}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMicropythonLimit(t *testing.T) {
	c := open(t, "micropython")
	most := strings.Repeat("m", 65535)
	c.send(masked(wire.Binary, most))
	for got := 0; got < len(most); {
		h, err := wire.ReadHeader(c.Conn)
		if err != nil || h.Opcode != wire.Text {
			t.Fatalf("after %d octets: %v, error %v", got, h, err)
		}
		c.want(most[got : got+int(h.Length)])
		got += int(h.Length)
	}
	c.send(masked(wire.Binary, most+"m")[:14])
	c.wantEnd() // without a close frame
}

func TestMicropythonCloses(t *testing.T) {
	for _, payload := range []string{"", "\x03\xe8", "\x03\xe8because"} {
		c := open(t, "micropython")
		c.send(masked(wire.Close, payload))
		c.want(octets(t, "88 00"))
		c.wantEnd()
	}
}

func TestMicropythonRequest(t *testing.T) {
	for edit, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: device=POST /any HTTP/1.0": micropythonHello,
		"Sec-WebSocket-Version: 13=X: y":                    micropythonHello,
		"Sec-WebSocket-Key=sec-websocket-key":               "",
		"Sec-WebSocket-Key=X":                               "",
	} {
		before, after, _ := strings.Cut(edit, "=")
		c := dial(t, serve(t, "micropython"))
		c.send(strings.Replace(request, before, after, 1))
		if c.want(want); want == "" {
			c.wantEnd()
		}
	}
}
