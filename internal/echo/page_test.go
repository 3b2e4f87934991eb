package echo

import (
	"io"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	address := serve(t, Options{Reply: "Reply for %s"})
	for request, want := range map[string][]string{
		"GET / HTTP/1.1": {
			"HTTP/1.1 200 OK\r\n", "Content-Type: text/plain; charset=utf-8\r\n",
			"ws://bench/echo ", "ws://bench/greet?keep ", "http://bench/socket.io/ ", `text with "Reply for %s"`,
		},
		"GET /favicon.ico HTTP/1.1": {"HTTP/1.1 426 Upgrade Required\r\n", "\r\nUpgrade: websocket\r\n"},
		"PUT / HTTP/1.1":            {"HTTP/1.1 405 Method Not Allowed\r\n", "\r\nAllow: GET, HEAD\r\n"},
	} {
		t.Run(request, func(t *testing.T) {
			c := dial(t, address)
			c.send([]byte(request + "\r\nHost: bench\r\nConnection: close\r\n\r\n"))
			got, err := io.ReadAll(c.in)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range want {
				if !strings.Contains(string(got), want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}
