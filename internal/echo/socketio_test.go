package echo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"wsprobe/internal/simulated"
)

// What the examples of two MicroPython clients show.
func TestExamplesOfMicroPythonClients(t *testing.T) {
	address := serve(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()

	var shown bytes.Buffer
	const name = "esp8266 1.5.4(baaeaebb) v1.8.3-80-g1f61fe0-dirty on 2016-08-31 ESP module with ESP8266"
	if err := simulated.Uwebsockets(ctx, address, "/greet", name, &shown); err != nil {
		t.Error(err)
	}
	if want := "> " + name + "\n< Hello " + name + "!\n"; shown.String() != want {
		t.Errorf("uwebsockets shows %q, want %q", &shown, want)
	}

	shown.Reset()
	if err := simulated.UsocketioExample(ctx, address, "/greet"+simulated.UsocketioPath, &shown); err != nil {
		t.Error(err)
	}
	if want := "alert hello from host\nmessage Hello hi from device!\n"; shown.String() != want {
		t.Errorf("usocketio shows %q, want %q", &shown, want)
	}
}

// usocketio, echoed, disconnected by its own sketch, and back with its old sid.
func TestUsocketioComesBack(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	c, err := simulated.DialUsocketio(ctx, serve(t, Options{}), simulated.UsocketioPath)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Emit("LED", "on ü 😀"); err != nil {
			t.Fatal(err)
		}
		if name, value, err := c.Event(); err != nil || name != "LED" || value != "on ü 😀" {
			t.Fatalf("%q %q, error %v", name, value, err)
		}
		if err := c.Reconnect(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSocketIOclient(t *testing.T) {
	for _, revision := range []int{3, 4} {
		t.Run(fmt.Sprint("EIO=", revision), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), hang)
			defer cancel()
			c, err := simulated.DialSocketIOclient(ctx, serve(t, Options{}), "/socket.io/", revision)
			if err != nil {
				t.Fatal(err)
			}
			for _, packet := range []string{"40/", `42["event_name",{"now":2001}]`, `427["with ack",1]`} {
				if err := c.Send(packet); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range []string{"40", `42["event_name",{"now":2001}]`, `42["with ack",1]`, `437[1]`} {
				got, err := c.Receive()
				if want == "40" && revision == 4 {
					want = `40{"sid":"`
					got = got[:min(len(got), len(want))]
				}
				if got != want || err != nil {
					t.Errorf("got %q, error %v, want %q", got, err, want)
				}
			}
			if err := c.Leave(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The octets of the walks, as far as they are not made of time and chance.
func TestOctetsOfUsocketio(t *testing.T) {
	address := serve(t, Options{})
	c := dial(t, address)
	c.send([]byte("GET /socket.io/?EIO=3 HTTP/1.1\r\nHost: " + address + "\r\n\r\n"))
	answer, err := io.ReadAll(c.in) // it closes
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(answer), "\r\n\r\n")
	sid := sidIn(t, body)
	open := `0{"sid":"` + sid + `","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}`
	if want := "\x00\x09\x07\xff" + open + "\x00\x02\xff40"; len(open) != 97 || body != want {
		t.Errorf("body %q, want %q", body, want)
	}
	wantHead(t, head, "HTTP/1.1 200 OK", "Content-Type: application/octet-stream", "Content-Length: 106", "Connection: close")

	ws := dial(t, address)
	ws.send([]byte(strings.Replace(handshake, "%s", "/socket.io/?EIO=3&sid="+sid+"&transport=websocket", 1)))
	wantHead(t, strings.TrimSuffix(ws.head(), "\r\n\r\n"), "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
	ws.send(frame(finText, "2probe"))

	c = dial(t, address)
	c.send([]byte("GET /socket.io/?EIO=3&sid=" + sid + "&transport=polling HTTP/1.1\r\nHost: " + address + "\r\n\r\n"))
	answer, err = io.ReadAll(c.in)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ = strings.Cut(string(answer), "\r\n\r\n")
	wantHead(t, head, "HTTP/1.1 200 OK", "Content-Type: application/octet-stream", "Content-Length: 4", "Connection: close")
	if body != "\x00\x01\xff6" {
		t.Errorf("body %q", body)
	}
	ws.want(finText, "3probe")
	ws.send(frame(finText, "5"))
	ws.want(finText, "6")
	ws.send(frame(finText, `42["message", "hi from device"]`))
	ws.want(finText, `42["message", "hi from device"]`)
	ws.send(frame(finText, "2"))
	ws.want(finText, "3")
}

// sidIn finds the sid in a body, within the octets that a device looks at.
func sidIn(t *testing.T, body string) string {
	t.Helper()
	_, behind, found := strings.Cut(body[:min(256, len(body))], `"sid":"`)
	sid, _, ended := strings.Cut(behind, `"`)
	if !found || !ended {
		t.Fatalf("no sid in %q", body)
	}
	return sid
}

// wantHead compares a head without regard to the order of its lines.
func wantHead(t *testing.T, head string, want ...string) {
	t.Helper()
	lines := strings.Split(head, "\r\n")
	missing := len(want) != len(lines) || lines[0] != want[0]
	for _, line := range want {
		missing = missing || !strings.Contains(head+"\r\n", line+"\r\n")
	}
	if missing {
		t.Errorf("head %q, want the lines %q", lines, want)
	}
}
