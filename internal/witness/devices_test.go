package witness_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// realDevices are heads and frames as real devices send them, and all that is
// odd about them.
var realDevices = []struct {
	device string
	head   string
	frames func(r *rand.Rand) [][]byte
	want   string
}{
	{
		device: "arduinoWebSockets",
		head: "GET /path?x=1 HTTP/1.1\r\nHost: 10.0.0.1:9001\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			"Sec-WebSocket-Key: <key>\r\nSec-WebSocket-Protocol: arduino\r\nOrigin: file://\r\nUser-Agent: arduino-WebSocket-Client\r\n\r\n",
		frames: func(r *rand.Rand) [][]byte {
			return [][]byte{masked(r, text, "Connected"), keyed([4]byte{}, ping, ""), keyed([4]byte{}, text, strings.Repeat("*", 1400)), masked(r, closing, "\x03\xe8")}
		},
		want: "MSK-08",
	},
	{
		device: "uwebsockets",
		head: "GET / HTTP/1.1\r\nHost: 10.0.0.1:9001\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: <key>\r\n" +
			"Sec-WebSocket-Version: 13\r\nOrigin: http://10.0.0.1:9001\r\n\r\n",
		frames: func(r *rand.Rand) [][]byte {
			frame := masked(r, text, "esp8266 1.5.4(baaeaebb) ESP module with ESP8266")
			return [][]byte{frame[:2], frame[2:6], frame[6:], masked(r, closing, "\x03\xe8")}
		},
	},
	{
		device: "ESP-IDF, in fragments",
		head: "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nHost: 10.0.0.1:9001\r\nUser-Agent: ESP32 Websocket Client\r\n" +
			"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: <key>\r\n\r\n",
		frames: func(r *rand.Rand) [][]byte {
			return [][]byte{masked(r, textPart, strings.Repeat("ä", 512)), masked(r, part, strings.Repeat("b", 1024)), masked(r, lastPart, ""), masked(r, ping, ""), masked(r, closing, "")}
		},
	},
	{
		device: "gilmaimon/ArduinoWebsockets",
		head: "GET /x HTTP/1.1\r\nHost: 10.0.0.1\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nUser-Agent: TinyWebsockets Client\r\nOrigin: https://github.com/gilmaimon/TinyWebsockets\r\n\r\n",
		frames: each(keyed([4]byte{}, text, "Hello Server"), keyed([4]byte{}, ping, "")),
		want:   "CRQ-04 CRQ-08 CRQ-12 MSK-08",
	},
	{
		device: "webrepl_cli.py",
		head: "GET / HTTP/1.1\r\nHost: echo.websocket.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Key: foo\r\n\r\n",
		frames: each(plain(binary, "hi")),
		want:   "CRQ-04 CRQ-07 CRQ-09 MSK-04",
	},
}

func TestRealDevices(t *testing.T) {
	for _, d := range realDevices {
		for _, piece := range []int{1, 7, 4096} {
			t.Run(fmt.Sprintf("%s in %d", d.device, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(3, 4))
				key := newKey(random)
				c := newTalk(w, piece)
				c.device([]byte(strings.ReplaceAll(d.head, "<key>", key)))
				c.answer(handshake.NewResponse(key).Append(nil))
				for _, frame := range d.frames(random) {
					c.device(frame)
				}
				_ = c.server.Close()
				if got := rowsOf(w); got != d.want {
					t.Errorf("%q named, want %q", got, d.want)
				}
			})
		}
	}
}

// SocketIOclient and browsers ask for other things before they upgrade, and
// what only polls is no device and breaks nothing.
func TestRequestsBeforeTheUpgrade(t *testing.T) {
	for _, piece := range []int{1, 4096} {
		w := witness.New(witness.Options{})
		random := rand.New(rand.NewPCG(5, 6))
		c := newTalk(w, piece)
		c.device([]byte("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 10.0.0.1:9001\r\n\r\n"))
		c.answer([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n0{\r\n0\r\n\r\n"))
		c.device([]byte("POST /socket.io/ HTTP/1.1\r\nHost: 10.0.0.1:9001\r\nContent-Length: 2\r\n\r\n40"))
		c.answer([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
		if got := w.Devices(); len(got) != 0 {
			t.Fatalf("devices %v, want none", got)
		}
		c.device(request("foo").Append(nil))
		c.answer([]byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno\n"))
		c.open(random)
		c.device(masked(random, text, "2probe"))
		c.answer(plain(text, "3probe"))
		_ = c.server.Close()
		if got := rowsOf(w); got != "CRQ-07" {
			t.Errorf("%q named, want CRQ-07 of the first try", got)
		}
		devices := w.Devices()
		if len(devices) != 1 || devices[0].Received != 1 || devices[0].Sent != 1 || devices[0].Connections != 1 || devices[0].Open != 0 {
			t.Errorf("devices %+v, want one with a message each way", devices)
		}
		if got := metrics(t, w); !strings.Contains(got, `wsecho_handshakes_total{result="refused"} 1`) || !strings.Contains(got, "wsecho_plain_requests_total 2\n") {
			t.Errorf("refused and plain requests are not counted:\n%s", got)
		}
	}
}

// Two requests in one write are told apart by their answers.
func TestPipelinedUpgrade(t *testing.T) {
	w := witness.New(witness.Options{})
	key := newKey(rand.New(rand.NewPCG(5, 6)))
	c := newTalk(w, 4096)
	c.device(append([]byte("GET / HTTP/1.1\r\nHost: 10.0.0.1:9001\r\n\r\n"), request(key).Append(nil)...))
	c.answer([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	c.answer(handshake.NewResponse(key).Append(nil))
	c.device(plain(text, "hi"))
	if got := rowsOf(w); got != "MSK-04" {
		t.Errorf("%q named, want MSK-04", got)
	}
}

// A server that hangs up on who says nothing has answered no request.
func TestAnswerWithoutRequest(t *testing.T) {
	w := witness.New(witness.Options{})
	c := newTalk(w, 4096)
	c.answer([]byte("HTTP/1.1 408 Request Timeout\r\n\r\n"))
	_ = c.server.Close()
	if got := metrics(t, w); !strings.Contains(got, "wsecho_plain_requests_total 0\n") {
		t.Error("a request is counted that never came")
	}
}

// What is kept of a device is what it sent, and no more than is promised.
func TestDevices(t *testing.T) {
	w := witness.New(witness.Options{MaxDevices: 4})
	random := rand.New(rand.NewPCG(7, 8))
	c := newTalk(w, 4096)
	key := newKey(random)
	r := request(key)
	r.Target = "/" + strings.Repeat("p", 500)
	r.Header = append(r.Header, handshake.Field{Name: "User-Agent", Value: "sketch"}, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: "arduino"})
	c.device(r.Append(nil))
	c.answer(handshake.NewResponse(key).Append(nil))
	for range 40 {
		c.device(masked(random, text, strings.Repeat("x", 100)))
	}
	c.answer(plain(text, "last"))
	d, _ := w.Device(w.Devices()[0].ID)
	if d.Address != "10.0.0.7:51234" || d.UserAgent != "sketch" || len(d.Path) != 128 || d.Open != 1 || d.OctetsIn != 4000 || d.OctetsOut != 4 {
		t.Errorf("%+v", d)
	}
	if n := len(d.Frames); n != 32 || d.Frames[n-1].From != wire.Server || string(d.Frames[n-1].Payload) != "last" || string(d.Frames[0].Payload) != strings.Repeat("x", 64) {
		t.Errorf("frames %v, want 32, the last one from the server", d.Frames)
	}

	for n := range 100 {
		other := newTalk(w, 4096)
		r := request(newKey(random))
		r.Header = append(r.Header, handshake.Field{Name: "User-Agent", Value: fmt.Sprint(n)})
		other.device(r.Append(nil))
		_ = other.server.Close()
	}
	devices := w.Devices()
	if len(devices) != 4 || !slices.ContainsFunc(devices, func(d witness.Device) bool { return d.UserAgent == "sketch" }) {
		t.Errorf("%d devices, want 4, the one with a connection among them", len(devices))
	}
}

// A device keeps its ID, and tells when it has left and that it has changed.
func TestDeviceComesBack(t *testing.T) {
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(7, 8))
	c := newTalk(w, 4096)
	c.open(random)
	first := w.Devices()[0]
	if len(first.ID) != 16 || !first.Left.IsZero() {
		t.Errorf("ID %q, left %v, want 16 digits and never", first.ID, first.Left)
	}
	if again := w.Devices()[0]; again.Changes != first.Changes {
		t.Errorf("%d changes, then %d, and nothing happened", first.Changes, again.Changes)
	}
	before := first.Changes
	again := func() { c = newTalk(w, 4096); c.open(random) }
	var came time.Time
	for _, does := range []struct {
		what string
		do   func()
	}{
		{"a frame", func() { c.device(masked(random, ping, "")) }},
		{"a rule broken in a frame that has not ended", func() { c.device(plain(text, strings.Repeat("x", 1000))[:40]) }},
		{"an answer", func() { c.answer(plain(text, "hi")) }},
		{"the end", func() { _ = c.server.Close() }},
		{"another connection", again},
		{"one more beside it", func() { came = w.Devices()[0].Came; again() }},
	} {
		does.do()
		d, ok := w.Device(first.ID)
		if !ok || d.Changes <= before || d.Left.IsZero() != (d.Open > 0) {
			t.Errorf("%s: %d changes after %d, open %d, left %v", does.what, d.Changes, before, d.Open, d.Left)
		}
		before = d.Changes
	}
	if d := w.Devices(); !came.After(first.Came) || d[0].Came != came || d[0].Since != first.Since {
		t.Errorf("seen first %v, came %v; want %v, %v", d[0].Since, d[0].Came, first.Since, came)
	}
	if d := w.Devices(); len(d) != 1 || d[0].Connections != 3 || len(d[0].Frames) != 0 {
		t.Errorf("%+v, want one device without frames", d)
	}
	if _, ok := w.Device("0000000000000000"); ok {
		t.Error("there is a device that never came")
	}
}
