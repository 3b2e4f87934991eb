package echo

import (
	"net"
	"strings"
	"testing"
)

func TestClosingHandshake(t *testing.T) {
	address := serve(t, Options{})
	for name, test := range map[string]struct{ sent, answered string }{
		"normal":      {"\x03\xe8", "\x03\xe8"},
		"reason":      {"\x03\xe8bye", "\x03\xe8bye"},
		"long reason": {"\x03\xe8" + strings.Repeat("*", 123), "\x03\xe8" + strings.Repeat("*", 123)},
		"without":     {"", ""},
		"private":     {"\x0f\xa0", "\x0f\xa0"},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/")
			c.send(frame(closing, test.sent))
			c.want(closing, test.answered)
			c.wantEnd() // TCP is the server's to close, at once: RFC 6455 §7.1.1
		})
	}
}

// What follows a Close frame is thrown away, and is no reason for a reset that
// might overtake the answer.
func TestFramesAfterClose(t *testing.T) {
	address := serve(t, Options{})
	for _, after := range [][]byte{
		frame(closing, "\x03\xe8"),
		frame(ping, "x"),
		frame(finText, "x"),
		frame(finText, strings.Repeat("*", 100000)),
	} {
		c := open(t, address, "/")
		c.send(append(frame(closing, "\x03\xe8"), after...))
		c.want(closing, "\x03\xe8")
		c.wantEnd()
	}
}

// RFC 6455 §5.5.1 and §7.4: what a Close frame may not hold.
func TestBadCloseFrames(t *testing.T) {
	address := serve(t, Options{})
	for name, test := range map[string]struct {
		payload string
		code    uint16
	}{
		"one octet":        {"\x03", 1002},
		"too long":         {"\x03\xe8" + strings.Repeat("*", 124), 1002},
		"code 0":           {"\x00\x00", 1002},
		"code 999":         {"\x03\xe7", 1002},
		"code 1005":        {"\x03\xed", 1002},
		"code 2999":        {"\x0b\xb7", 1002},
		"code 5000":        {"\x13\x88", 1002},
		"bad reason":       {"\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", 1007},
		"reason cut short": {"\x03\xe8\xce", 1007},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/")
			c.send(frame(closing, test.payload))
			c.wantClose(test.code)
		})
	}
}

// RFC 6455 §7.1.7: the Close frame, and then TCP, at once.
func TestProtocolFaults(t *testing.T) {
	address := serve(t, Options{})
	for name, octets := range map[string][]byte{
		"RSV1":                 frame(0xc1, "x"),
		"RSV2":                 frame(0xa1, "x"),
		"RSV3 in a ping":       frame(0x99, "x"),
		"opcode 3":             frame(0x83, "x"),
		"opcode 11":            frame(0x8b, "x"),
		"fragmented ping":      frame(0x09, "x"),
		"long ping":            frame(0x89, strings.Repeat("*", 126)),
		"nothing to continue":  frame(last, "x"),
		"text within text":     append(frame(startText, "x"), frame(finText, "x")...),
		"not masked":           {finText, 1, 'x'},
		"length of 2^63":       {finText, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4},
		"in mid-frame":         append(frame(startText, "x"), frame(0x83, "rest to come")[:8]...),
		"RSV1 with much after": append(frame(0xc1, "x"), strings.Repeat("*", 100000)...),
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/")
			c.send(octets)
			c.wantClose(1002)
		})
	}
}

// A reason that is too long for a Close frame is cut between two characters, so that
// it is still UTF-8.
func TestLongReasons(t *testing.T) {
	for why, want := range map[string]string{
		"bye":                          "bye",
		strings.Repeat("*", 123):       strings.Repeat("*", 123),
		strings.Repeat("*", 124):       strings.Repeat("*", 123),
		"*" + strings.Repeat("ü", 61):  "*" + strings.Repeat("ü", 61),
		strings.Repeat("ü", 62):        strings.Repeat("ü", 61),
		"**" + strings.Repeat("😀", 31): "**" + strings.Repeat("😀", 30),
	} {
		if got := fitting(why); got != want {
			t.Errorf("%q: got %q, want %q", why, got, want)
		}
		h := newHandler(Options{Object: func(net.Conn) (lawful, code int, objection string) { return 0, 1008, why }})
		if _, got, found := h.objection(nil); !found || got.reason != want {
			t.Errorf("%q: objected to %q, want %q", why, got.reason, want)
		}
	}
}

func TestPings(t *testing.T) {
	c := open(t, serve(t, Options{}), "/")
	for _, payload := range []string{"", "x", "\xff", strings.Repeat("*", 125)} {
		c.send(frame(ping, payload))
		c.want(pong, payload)
	}
	c.send(frame(pong, "unasked"))
	c.send(frame(finText, "x"))
	c.want(finText, "x")
}
