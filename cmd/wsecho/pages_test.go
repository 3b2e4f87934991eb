package main

import (
	"context"
	"html"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/echo"
)

func TestMetricsAndHealth(t *testing.T) {
	_, address, stop := running(t, "--show", "none")
	lie(t, address)
	if got := get(t, "http://"+address+"/healthz"); got != "ok\n" {
		t.Errorf("healthz: %q", got)
	}
	if got := get(t, "http://"+address+"/metrics"); !strings.Contains(got, `wsecho_violations_total{rule="MSK-04"} 1`) {
		t.Errorf("metrics: %s", got)
	}
	stop()

	said, address, _ := running(t, "--admin", "127.0.0.1:0")
	lie(t, address)
	if got := get(t, said.await(t, `  (http://.*/)\n`)+"metrics"); !strings.Contains(got, `wsecho_violations_total{rule="MSK-04"} 1`) {
		t.Errorf("metrics: %s", got)
	}
	if got := get(t, "http://"+address+"/metrics"); strings.Contains(got, "wsecho_") {
		t.Errorf("metrics are on both addresses: %s", got)
	}
}

// The page is where the server is, which still answers devices there, or at
// another address. It names what wsecho behaviours does.
func TestPage(t *testing.T) {
	_, address, _ := running(t, "--show", "none", "--default", "greet")
	from := lie(t, address)
	got := get(t, "http://"+address+"/")
	for _, want := range []string{"MSK-04", from, "ws://" + address + "/", "does as greet", "/socket.io/", `data-echo=""`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	for _, b := range echo.Behaviours() {
		if !strings.Contains(got, html.EscapeString(b.URL())) || !strings.Contains(got, html.EscapeString(b.Does)) {
			t.Errorf("no %s in %s", b.URL(), got)
		}
	}
	if got := answerTo(t, "ws://"+address+"/", "you"); got != "Hello you!" {
		t.Errorf("a device gets %q", got)
	}

	said, address, _ := running(t, "--show", "none", "--admin", "127.0.0.1:0")
	lie(t, address)
	admin := said.await(t, `  (http://.*/)\n`)
	if got := get(t, admin); !strings.Contains(got, "MSK-04") || !strings.Contains(got, `data-echo="ws://`+address+`"`) {
		t.Errorf("page: %s", got)
	}
	if got := get(t, "http://"+address+"/"); !strings.Contains(got, "This is a WebSocket server") {
		t.Errorf("the page is on both addresses: %s", got)
	}
}

// answerTo is what a server answers to a text.
func answerTo(t *testing.T, url, message string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	if err := ws.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
		t.Fatal(err)
	}
	_, answer, err := ws.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// A stop does not wait for who follows the page, and who never reads it costs
// nobody anything.
func TestFollowers(t *testing.T) {
	_, address, stop := running(t, "--show", "none")
	for range 40 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(hang); !strings.Contains(get(t, "http://"+address+"/metrics"), "wsecho_page_visitors 32\n"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not 32 visitors: %s", get(t, "http://"+address+"/metrics"))
		}
	}
	lie(t, address)
	if got := get(t, "http://"+address+"/"); !strings.Contains(got, "MSK-04") {
		t.Errorf("page: %s", got)
	}
	began := time.Now()
	stop()
	if took := time.Since(began); took > hang/2 {
		t.Errorf("a stop takes %v", took)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := http.Client{Timeout: hang}
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
