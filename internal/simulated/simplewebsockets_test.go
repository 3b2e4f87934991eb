package simulated

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/wire"
)

func TestSimpleWebsocketsWrites(t *testing.T) {
	long := strings.Repeat("x", 65536)
	got := writes(t, playSimpleWebsockets,
		masked(wire.Text, "hello"),
		masked(wire.Text, ""),
		masked(wire.Text, long[:120]),
		masked(wire.Text, long),
		frame(wire.Header{Fin: true, RSV: 7, Opcode: wire.Text}, "rsv"),
		masked(wire.Binary, "the end"))
	want := []string{
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n",
		"\x81", "\x0b", "Pong: hello",
		"\x81", "\x06", "Pong: ",
		"\x81", "\x7e", "\x00\x7e", "Pong: " + long[:120],
		"\x81", "\x7f", octets(t, "00 00 00 00 00 01 00 06"), "Pong: " + long,
		"\x81", "\x09", "Pong: rsv",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %.400q\nwant %.400q", got, want)
	}
}

func TestSimpleWebsocketsEnds(t *testing.T) {
	for name, sent := range map[string]string{
		"binary":          masked(wire.Binary, "\x01"),
		"ping":            masked(wire.Ping, ""),
		"pong":            masked(wire.Pong, "unasked"),
		"fragment":        part(wire.Text, "fragment1"),
		"continuation":    masked(wire.Continuation, "fragment2"),
		"close":           masked(wire.Close, "\x03\xe8"),
		"reserved opcode": masked(wire.Opcode(3), ""),
		"no mask":         plain(wire.Text, "hello"),
		"not UTF-8":       masked(wire.Text, "\xed\xa0\x80"),
		"too much":        octets(t, "81 ff 00 00 00 00 01 00 00 01 01 02 03 04"),
		"2^63":            octets(t, "81 ff 80 00 00 00 00 00 00 00 01 02 03 04"),
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, "simple-websockets")
			c.send(masked(wire.Text, "first") + sent)
			c.want(plain(wire.Text, "Pong: first"))
			c.wantEnd() // a bare FIN
		})
	}
}

func TestSimpleWebsocketsRequest(t *testing.T) {
	address := serve(t, "simple-websockets")
	c := dial(t, address)
	c.send("GET / HTTP/1.1\r\nsec-websocket-key: " + key + "\r\n\r\n")
	c.want("HTTP/1.1 101 Switching Protocols\r\n")
	c = dial(t, address)
	c.send("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	c.wantEnd()
}
