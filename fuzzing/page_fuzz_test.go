package fuzzing_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"wsprobe/internal/page"
	"wsprobe/internal/witness"
)

var (
	elements = regexp.MustCompile("<[^>]*>?")
	ours     = regexp.MustCompile(`^<(?:!DOCTYPE html|/?(?:html|head|title|meta|link|script|noscript|body|header|main|section|h[123]|p|a|b|i|em|small|bdi|code|span|time|div|dl|dt|dd|ul|ol|li|table|thead|tbody|tr|th|td|form|label|input|select|option|datalist|button|svg|rect|path)(?: [^<>]*)?)>$`)
	active   = regexp.MustCompile(`(?i)[\s"](on\w+|style|srcdoc)\s*=|javascript:`)
)

// FuzzPage lets a device call itself, ask for, and send anything. The page has no
// element of the device's then, runs none of its scripts, and shows nothing that
// does not print.
func FuzzPage(f *testing.F) {
	for _, evil := range []string{
		"sketch", "</bdi><script>alert(1)</script>", `" onload=alert(2) x="`, "\x1b[2J\u202e\u2066", "\xff\xfe", "{{.}}", "-->", "javascript:alert(3)", "\r\nX: y",
	} {
		f.Add(evil, "/"+evil, evil, []byte(evil), uint8(0x81))
	}
	f.Fuzz(func(t *testing.T, agent, path, subprotocol string, payload []byte, first uint8) {
		w := witness.New(witness.Options{})
		payload = payload[:min(len(payload), 125)]
		frame := append([]byte{first, byte(len(payload))}, payload...)
		talk(w, 1<<20, fmt.Appendf(nil, "GET %s HTTP/1.1\r\nUpgrade: websocket\r\nUser-Agent: %s\r\nOrigin: %s\r\n\r\n", path, agent, subprotocol),
			fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: %s\r\n\r\n", subprotocol), frame, frame)
		mux := http.NewServeMux()
		page.New(w, page.Options{Scheme: "ws"}).Register(mux)
		urls := []string{"/"}
		for _, d := range w.Devices() {
			urls = append(urls, "/devices/"+d.ID)
		}
		for _, url := range urls {
			answer := httptest.NewRecorder()
			mux.ServeHTTP(answer, httptest.NewRequest("GET", url, nil))
			harmless(t, answer.Body.String(), map[bool]int{true: 2, false: 1}[url == "/"])
		}
	})
}

func harmless(t *testing.T, html string, scripts int) {
	for _, r := range html {
		if r != '\n' && !strconv.IsPrint(r) {
			t.Errorf("%q in a page", r)
		}
	}
	for _, element := range elements.FindAllString(html, -1) {
		if !ours.MatchString(element) || active.MatchString(element) {
			t.Errorf("%q in a page", element)
		}
	}
	if n := strings.Count(html, "<script"); n != scripts {
		t.Errorf("%d scripts, want %d", n, scripts)
	}
}
