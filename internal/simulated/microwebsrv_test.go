package simulated

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/wire"
)

const microwebsrvHello = "HTTP/1.1 101 Switching Protocols\r\n" +
	"Connection: Upgrade\r\n" +
	"Upgrade: websocket\r\n" +
	"Sec-WebSocket-Accept: " + accept + "\r\n" +
	"Server: MicroWebSrv by JC`zic\r\n" +
	"\r\n"

func TestMicrowebsrvReplies(t *testing.T) {
	most := strings.Repeat("x", 256)
	got := writes(t, playMicrowebsrv,
		masked(wire.Text, "hello"),
		masked(wire.Binary, "printed"),
		masked(wire.Text, most),
		plain(wire.Text, "no mask"),
		frame(wire.Header{Fin: true, RSV: 7, Opcode: wire.Text}, "rsv"),
		part(wire.Text, most[:128]), masked(wire.Ping, "between"), masked(wire.Continuation, most[128:]),
		masked(wire.Pong, "unasked"),
		masked(wire.Text, "not \xff decoded"),
		masked(wire.Close, ""))
	want := []string{
		microwebsrvHello,
		octets(t, "81 0f") + "Reply for hello",
		octets(t, "81 7e 01 0a") + "Reply for " + most,
		octets(t, "81 11") + "Reply for no mask",
		octets(t, "81 0d") + "Reply for rsv",
		octets(t, "8a 07 00 00 00 00 00 00 00"), // of the same length, no more
		octets(t, "81 7e 01 0a") + "Reply for " + most,
		octets(t, "88 00"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMicrowebsrvEnds(t *testing.T) {
	long := strings.Repeat("x", 257)
	for name, c := range map[string]struct {
		sent  string
		reset bool // for something is unread
	}{
		"close":            {masked(wire.Close, ""), false},
		"close and status": {masked(wire.Close, "\x03\xe8"), true},
		"empty message":    {masked(wire.Text, ""), false},
		"empty fragment":   {part(wire.Binary, ""), false},
		"257 octets":       {masked(wire.Text, long), true},
		"128+129 octets":   {part(wire.Text, long[:128]) + masked(wire.Continuation, long[128:]), true},
		"65536 octets":     {masked(wire.Text, strings.Repeat(long, 256)), true},
		"reserved opcode":  {masked(wire.Opcode(7), ""), false},
		"continuation":     {masked(wire.Continuation, "of nothing"), true},
		"ping of 126":      {masked(wire.Ping, long[:126]), true},
	} {
		t.Run(name, func(t *testing.T) {
			device := open(t, "microwebsrv")
			device.send(c.sent)
			device.want(octets(t, "88 00"))
			if c.reset {
				device.wantReset()
			} else {
				device.wantEnd()
			}
		})
	}
}

func TestMicrowebsrvRequest(t *testing.T) {
	for edit, want := range map[string]string{
		"GET / HTTP/1.1=BREW /pot HTTP/1.9":                      microwebsrvHello,
		"Host: device=X: y":                                      microwebsrvHello,
		"Connection: Upgrade=connection: keep-alive, UPGRADE":    microwebsrvHello,
		"Version: 13=Version: 8\r\nSec-WebSocket-Protocol: chat": microwebsrvHello,
		"Upgrade: websocket=X: y":                                "HTTP/1.1 200 OK\r\n",
		"Upgrade: websocket=Upgrade: h2c":                        "HTTP/1.1 200 OK\r\n",
		"Connection: Upgrade=Connection: close":                  "HTTP/1.1 200 OK\r\n",
		"Sec-WebSocket-Key=X":                                    "",
		"GET / HTTP/1.1=GET /":                                   "",
	} {
		before, after, _ := strings.Cut(edit, "=")
		c := dial(t, serve(t, "microwebsrv"))
		c.send(strings.Replace(request, before, after, 1))
		if c.want(want); want == "" {
			c.wantEnd()
		}
	}
}

// A second client gets no answer until the first leaves.
func TestMicrowebsrvOneAtATime(t *testing.T) {
	address := serve(t, "microwebsrv")
	first, second := reopen(t, address), dial(t, address)
	second.send(request)
	first.send(masked(wire.Text, "mine"))
	first.want(plain(wire.Text, "Reply for mine"))
	_ = second.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := second.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Fatal("the second client was answered")
	}
	first.Close()
	_ = second.SetReadDeadline(time.Now().Add(hang))
	second.want(microwebsrvHello)
}
