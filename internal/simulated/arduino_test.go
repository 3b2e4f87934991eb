package simulated

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/wire"
)

const arduinoHello = "HTTP/1.1 101 Switching Protocols\r\n" +
	"Server: arduino-WebSocketsServer\r\n" +
	"Upgrade: websocket\r\n" +
	"Connection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Accept: " + accept + "\r\n" +
	"\r\n"

// openArduino is past the ping and the greeting.
func openArduino(t *testing.T) client {
	t.Helper()
	c := open(t, "arduino-esp8266")
	c.want(octets(t, "89 00") + plain(wire.Text, "Connected"))
	return c
}

func TestArduinoWrites(t *testing.T) {
	large := strings.Repeat("x", 1400)
	got := writes(t, playArduino,
		masked(wire.Text, "hello"), masked(wire.Binary, large[1:]), masked(wire.Text, large), masked(wire.Close, ""))
	want := []string{
		arduinoHello,
		octets(t, "89 00"),
		octets(t, "81 09") + "Connected",
		octets(t, "81 05") + "hello",
		octets(t, "82 7e 05 77") + large[1:],
		octets(t, "81 7e 05 78"), large,
		octets(t, "88 02 03 e8"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestArduinoNamesItsProtocol(t *testing.T) {
	c := dial(t, serve(t, "arduino-esp8266"))
	c.send(strings.Replace(request, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n", 1))
	c.want(strings.Replace(arduinoHello, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: arduino\r\n\r\n", 1))
}

func TestArduinoRequest(t *testing.T) {
	for edit, taken := range map[string]bool{
		"Host: device=X: y":                          true,
		"Upgrade: websocket=UPGRADE: WebSocket":      true,
		"Connection: Upgrade=connection: a,upgraded": true,
		"Sec-WebSocket-Key=sec-websocket-key":        true,
		"GET=POST":                                   false,
		"Upgrade: websocket=Upgrade: websocket, h2c": false,
		"Connection: Upgrade=Connection: keep-alive": false,
		"Sec-WebSocket-Key=X":                        false,
		"Version: 13=Version: 8":                     false,
		"Sec-WebSocket-Version: 13=X: 13":            false,
		"Origin-is-never-checked=Origin: null":       true,
	} {
		before, after, _ := strings.Cut(edit, "=")
		c := dial(t, serve(t, "arduino-esp8266"))
		c.send(strings.Replace(request, before, after, 1))
		if taken {
			c.want(arduinoHello)
			continue
		}
		c.want("HTTP/1.1 400 Bad Request\r\nServer: arduino-WebSocket-Server\r\nContent-Type: text/plain\r\nContent-Length: 32\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n\r\nThis is a Websocket server only!")
		c.wantEnd()
	}
}

func TestArduinoLimit(t *testing.T) {
	c := openArduino(t)
	most := strings.Repeat("x", 15360)
	c.send(masked(wire.Binary, most))
	c.want(plain(wire.Binary, most))
	c.send(masked(wire.Binary, most+"x"))
	c.want(octets(t, "88 02 03 f1"))
	c.wantReset() // the payload is unread
}

func TestArduinoClaims(t *testing.T) {
	c := openArduino(t)
	c.send(octets(t, "82 ff ff ff ff ff ff ff ff ff 01 02 03 04"))
	c.want(octets(t, "88 02 03 f1"))
}

func TestArduinoDoesNotJoin(t *testing.T) {
	c := openArduino(t)
	c.send(part(wire.Text, "fragment1") + part(wire.Continuation, "") + masked(wire.Ping, "still there?") + masked(wire.Continuation, "fragment2"))
	c.want(plain(wire.Pong, "still there?"))
	c.send(masked(wire.Text, "whole"))
	c.want(plain(wire.Text, "whole"))
}

func TestArduinoChecksNothing(t *testing.T) {
	c := openArduino(t)
	c.send(masked(wire.Text, "\xff\xc0"))
	c.want(plain(wire.Text, "\xff\xc0"))
	c.send(frame(wire.Header{Fin: true, RSV: 7, Opcode: wire.Text}, "rsv"))
	c.want(plain(wire.Text, "rsv"))
	c.send(plain(wire.Binary, "no mask"))
	c.want(plain(wire.Binary, "no mask"))
	c.send(frame(wire.Header{Fin: true, Opcode: wire.Text, Form: wire.Form64}, "long form"))
	c.want(plain(wire.Text, "long form"))
	c.send(masked(wire.Pong, "unasked") + masked(wire.Text, ""))
	c.want(octets(t, "81 00"))
}

func TestArduinoCloses(t *testing.T) {
	for sent, want := range map[string]string{
		masked(wire.Close, ""):                    "88 02 03 e8",
		masked(wire.Close, "\x03\xe9"):            "88 02 03 e8",
		masked(wire.Close, "\x0f\xa0because"):     "88 02 03 e8",
		masked(wire.Opcode(3), ""):                "88 02 03 ea",
		masked(wire.Opcode(15), "reserved"):       "88 02 03 ea",
		masked(wire.Text, "") + part(0xb, "last"): "81 00 88 02 03 ea",
	} {
		c := openArduino(t)
		c.send(sent)
		c.want(octets(t, want))
		c.wantEnd()
	}
}

func TestArduinoSlots(t *testing.T) {
	address := serve(t, "arduino-esp8266")
	var five []client
	for range 5 {
		c := reopen(t, address)
		c.want(octets(t, "89 00"))
		five = append(five, c)
	}
	dial(t, address).wantEnd() // without HTTP
	five[2].want(plain(wire.Text, "Connected"))
	five[2].send(masked(wire.Close, ""))
	five[2].want(octets(t, "88 02 03 e8"))
	five[2].wantEnd()
	reopen(t, address).want(octets(t, "89 00"))
}
