package handshake_test

import (
	"bufio"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
)

// deviceResponses are heads as real devices send them.
var deviceResponses = []struct {
	device string
	head   string // <accept> stands for the right answer
	offer  string // subprotocols of the request
	fatal  string // what Usable says
	rows   []string
}{
	{
		device: "arduinoWebSockets",
		head: "HTTP/1.1 101 Switching Protocols\r\nServer: arduino-WebSocketsServer\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "arduinoWebSockets, subprotocol of its own",
		head: "HTTP/1.1 101 Switching Protocols\r\nServer: arduino-WebSocketsServer\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Accept: <accept>\r\nSec-WebSocket-Protocol: arduino\r\n\r\n",
		offer: "chat, superchat",
		fatal: `Sec-WebSocket-Protocol is "arduino", offered was "chat, superchat"`,
		rows:  []string{"SRS-07"},
	},
	{
		device: "arduinoWebSockets, refusal",
		head: "HTTP/1.1 400 Bad Request\r\nServer: arduino-WebSocket-Server\r\nContent-Type: text/plain\r\nContent-Length: 32\r\n" +
			"Connection: close\r\nSec-WebSocket-Version: 13\r\n\r\n",
		fatal: "HTTP status 400 Bad Request instead of 101",
		rows:  []string{"SRS-01"},
	},
	{
		device: "MicroWebSrv",
		head: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: <accept>\r\n" +
			"Server: MicroWebSrv by JC`zic\r\n\r\n",
	},
	{
		device: "MicroPython",
		head:   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "webrepl, refusal",
		head:   "HTTP/1.0 200 OK\r\n\r\n",
		fatal:  "HTTP status 200 OK instead of 101",
		rows:   []string{"SRS-01"},
	},
	{
		device: "simple-websockets on http.server",
		head:   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "simple-websockets on wsgiref",
		head: "HTTP/1.0 101 Switching Protocols\r\nDate: Sun, 01 Nov 2026 10:00:00 GMT\r\nServer: WSGIServer/0.2 CPython/3.11.2\r\n" +
			"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
		rows: []string{"SRS-01"},
	},
	{
		device: "simple-websockets on Werkzeug",
		head: "HTTP/1.1 101 Switching Protocols\r\nServer: Werkzeug/2.2.2 Python/3.11.2\r\nDate: Sun, 01 Nov 2026 10:00:00 GMT\r\n" +
			"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\nConnection: close\r\n\r\n",
	},
	{
		device: "ESPAsyncWebServer, offer copied back",
		head: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: <accept>\r\n" +
			"Sec-WebSocket-Protocol: chat, superchat\r\nAccept-Ranges: none\r\n\r\n",
		offer: "chat, superchat",
		fatal: `Sec-WebSocket-Protocol is "chat, superchat", offered was "chat, superchat"`,
		rows:  []string{"SRS-07"},
	},
	{
		device: "mongoose, the one offer copied back",
		head: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n" +
			"Sec-WebSocket-Protocol: chat\r\n\r\n",
		offer: "chat",
	},
	{
		device: "mongoose, refusal with a padded length",
		head:   "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 20         \r\n\r\n",
		fatal:  "HTTP status 426 Upgrade Required instead of 101",
		rows:   []string{"SRS-01"},
	},
	{
		device: "libwebsockets",
		head:   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "behind a reverse proxy",
		head:   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "no reason phrase",
		head:   "HTTP/1.1 101 \r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
	},
	{
		device: "no reason phrase, no blank",
		head:   "HTTP/1.1 101\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: <accept>\r\n\r\n",
		rows:   []string{"SRS-01"},
	},
	{
		device: "upy-websocket-server, full, bare LF",
		head:   "HTTP/1.1 503 Too many connections\n\n",
		fatal:  "HTTP status 503 Too many connections instead of 101",
		rows:   []string{"SRS-01"},
	},
	{
		device: "bare LF throughout",
		head:   "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: <accept>\n\n",
		rows:   []string{"SRS-01"},
	},
}

func TestResponsesOfDevices(t *testing.T) {
	for _, d := range deviceResponses {
		t.Run(d.device, func(t *testing.T) {
			request := handshake.NewRequest("192.168.4.1", "/", sampleKey)
			if d.offer != "" {
				request.Header = append(request.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: d.offer})
			}
			head := strings.ReplaceAll(d.head, "<accept>", sampleAccept)
			const greeting = "\x89\x00\x81\x09Connected"
			r := bufio.NewReader(strings.NewReader(head + greeting))
			response, err := handshake.ReadResponse(r, 1024)
			if err != nil {
				t.Fatal(err)
			}
			if response.Raw != head {
				t.Errorf("raw %q, want %q", response.Raw, head)
			}
			wantRest(t, r, greeting)
			violations := handshake.CheckResponse(response, request)
			if got := rows(violations); !slices.Equal(got, d.rows) {
				t.Errorf("violations %v, want %v: %v", got, d.rows, violations)
			}
			wantUsable(t, violations, d.fatal)
		})
	}
}

// deviceRequests are heads as real devices send them.
var deviceRequests = []struct {
	device string
	head   string // <key> stands for a lawful key
	fatal  string
	rows   []string
}{
	{
		device: "arduinoWebSockets",
		head: "GET /path?x=1 HTTP/1.1\r\nHost: 127.0.0.1:9501\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			"Sec-WebSocket-Key: <key>\r\nSec-WebSocket-Protocol: arduino\r\nOrigin: file://\r\nUser-Agent: arduino-WebSocket-Client\r\n" +
			"Authorization: Basic dXNlcjpQYXNzd29yZA==\r\n\r\n",
	},
	{
		device: "uwebsockets",
		head: "GET / HTTP/1.1\r\nHost: 127.0.0.1:5003\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: <key>\r\n" +
			"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:5003\r\n\r\n",
	},
	{
		device: "ESP-IDF",
		head: "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nHost: 127.0.0.1:9515\r\nUser-Agent: ESP32 Websocket Client\r\n" +
			"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: <key>\r\n\r\n",
	},
	{
		device: "gilmaimon/ArduinoWebsockets, a path in Origin",
		head: "GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nUser-Agent: TinyWebsockets Client\r\nOrigin: https://github.com/gilmaimon/TinyWebsockets\r\n\r\n",
		rows: []string{"CRQ-12"},
	},
	{
		device: "webrepl_cli.py, key foo and no version",
		head: "GET / HTTP/1.1\r\nHost: echo.websocket.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Key: foo\r\n\r\n",
		fatal: `Sec-WebSocket-Key: key "foo" is not base64`,
		rows:  []string{"CRQ-07", "CRQ-09"},
	},
	{
		device: "usocketio polls, which is no opening handshake",
		head:   "GET /socket.io/?EIO=3 HTTP/1.1\r\nHost: 127.0.0.1:7011\r\n\r\n",
		fatal:  "no Upgrade field",
		rows:   []string{"CRQ-05", "CRQ-06", "CRQ-07", "CRQ-09"},
	},
}

func TestRequestsOfDevices(t *testing.T) {
	for _, d := range deviceRequests {
		t.Run(d.device, func(t *testing.T) {
			head := strings.ReplaceAll(d.head, "<key>", sampleKey)
			const early = "\x81\x80"
			r := bufio.NewReader(strings.NewReader(head + early))
			request, err := handshake.ReadRequest(r, 1024)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(request.Append(nil)); got != head {
				t.Errorf("written again:\n%s\nwant:\n%s", got, head)
			}
			wantRest(t, r, early)
			violations := handshake.CheckRequest(request)
			if got := rows(violations); !slices.Equal(got, d.rows) {
				t.Errorf("violations %v, want %v: %v", got, d.rows, violations)
			}
			wantUsable(t, violations, d.fatal)
		})
	}
}
