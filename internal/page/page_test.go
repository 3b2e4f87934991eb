package page_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/page"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

var options = page.Options{
	Scheme: "ws", Standard: "echoes",
	Behaviours: []page.Path{{URL: "/echo", Does: "answers"}, {URL: "/slow?delay=2s&x=<y>", Does: "answers <late>"}},
	Endpoints:  []page.Path{{URL: "/socket.io/", Does: "events"}},
}

func site(w *witness.Witness, o page.Options) http.Handler {
	mux := http.NewServeMux()
	page.New(w, o).Register(mux)
	return mux
}

// get is the answer of a site at a URL.
func get(t *testing.T, h http.Handler, url string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest("GET", url, nil))
	return answer
}

// holds checks that a page has these texts, in this order.
func holds(t *testing.T, html string, texts ...string) {
	t.Helper()
	rest := html
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			t.Errorf("no %q, in its place, in\n%s", text, html)
			continue
		}
		rest = after
	}
}

func TestNoDevice(t *testing.T) {
	got := get(t, site(witness.New(witness.Options{}), options), "http://bench:9001/")
	holds(t, got.Body.String(), "No device connected", `<p id="empty">`, "ws://bench:9001/", `<table role="table" id="devices" hidden>`)
	holds(t, got.Body.String(), "/echo", "answers", "/slow?delay=2s&amp;x=&lt;y&gt;", "answers &lt;late&gt;", "http://bench:9001", "/socket.io/", "events")
}

// Without a witness there is the rest of the page, and no word of devices that
// would not be true.
func TestUnwatched(t *testing.T) {
	w := witness.New(witness.Options{Off: true})
	s := site(w, options)
	html := get(t, s, "http://bench:9001/").Body.String()
	holds(t, html, "Devices are not watched", `id="console"`, "/echo")
	for _, not := range []string{"No device", "data-events", "Pause", "reload", "<table"} {
		if strings.Contains(html, not) {
			t.Errorf("%q in\n%s", not, html)
		}
	}
	if strings.Contains(get(t, w.Metrics(), "/metrics").Body.String(), "page") || get(t, s, "/events").Code != http.StatusNotFound {
		t.Error("there is something to follow")
	}
}

// The list has all there is to know of a device in a line.
func TestOneDevice(t *testing.T) {
	w := witness.New(witness.Options{})
	d := connect(w, "10.0.0.7:51234", "arduino", "/chat?room=1", handshake.Field{Name: "Sec-WebSocket-Protocol", Value: "led"})
	for range 1234 {
		d.sends(wire.Text, "LEDon")
	}
	d.gets("on")
	s := site(w, options)
	id := w.Devices()[0].ID
	holds(t, get(t, s, "http://bench:9001/").Body.String(), "1 device connected", "no rule broken",
		`id="d-`+id+`"`, `href="/devices/`+id+`"`, "arduino", "connected", "10.0.0.7:51234", "/chat?room=1",
		"1,234", "1<", "6.0 KiB", "2<", "none")
	holds(t, get(t, s, "http://bench:9001/devices/"+id).Body.String(), "<title>arduino – wsecho</title>", "10.0.0.7:51234", "/chat?room=1", "1 open, 1 in all",
		"to the device", "text of 2 octets", "&#34;on&#34;", "81 02", "6f 6e", "on",
		"from the device", "text of 5 octets", "&#34;LEDon&#34;", "81 85", "mask", "4c 45 44 6f 6e", "LEDon")
}

// What a device does wrong is named, counted, and linked.
func TestViolations(t *testing.T) {
	w := witness.New(witness.Options{})
	d := connect(w, "10.0.0.7:51234", "liar", "/", handshake.Field{Name: "Origin", Value: "x"})
	for range 3 {
		d.sendsPlain("hi")
	}
	d.sends(wire.Text, "\xff")
	d.sends(wire.Close, "\x03\xed")
	s := site(w, options)
	html := get(t, s, "http://bench:9001/").Body.String()
	holds(t, html, "1 device connected", "it breaks rules", "COD-02", "1×", "CRQ-12", "1×", "RFC 6454 §7.1", "MSK-04", "3×",
		`href="https://www.rfc-editor.org/rfc/rfc6455#section-5.1"`, "RFC 6455 §5.1", "a text frame from a client without a mask", "1 more")
	if strings.Contains(html, "UTF-07") {
		t.Error("more than three rules in a line")
	}
	holds(t, get(t, s, "http://bench:9001/devices/"+w.Devices()[0].ID).Body.String(),
		"COD-02", "CRQ-12", "&#34;Origin: x&#34;", "MSK-04", "3×", "81 02 68 69", "UTF-07", "1×", `#section-8.1"`, "close of 2 octets", "1005")
}

// evil is what a device may say to run a script, drive a terminal, or turn a line
// around.
const evil = "</bdi></a></script><script>alert(1)</script>\"'onload=alert(2) \x9b31m\x1b[2J\u202e\u2066\u200b\u2028{{.}} {{`"

func TestHostile(t *testing.T) {
	for _, agent := range []string{evil, strings.Repeat("M", 10_000), strings.Repeat("\u0300", 5000), "\u05d0\u05d1", "\xff\xfe"} {
		w := witness.New(witness.Options{})
		d := connect(w, "10.0.0.7:51234", agent, "/"+strings.ReplaceAll(agent, " ", "+"), handshake.Field{Name: "Sec-WebSocket-Protocol", Value: agent})
		_, _ = d.server.Write([]byte("\x81\x00"))
		d.sends(wire.Text, evil)
		d.sends(wire.Binary, evil)
		d.sends(wire.Close, "\x03\xe8"+evil)
		d.sendsPlain(evil)
		s := site(w, options)
		for _, url := range []string{"/", "/devices/" + w.Devices()[0].ID} {
			answer := get(t, s, url)
			isHarmless(t, answer.Body.String())
			if n := answer.Body.Len(); n > 40_000 {
				t.Errorf("%s: %d octets of %.20q", url, n, agent)
			}
		}
	}
}

var (
	tag      = regexp.MustCompile(`<[^>]*>`)
	allowed  = regexp.MustCompile(`^<(/?(html|head|body|header|main|section|form|label|select|option|datalist|noscript|h[123]|div|dl|dt|dd|ul|ol|li|p|a|b|i|em|small|bdi|code|span|time|table|thead|tbody|tr|th|td|title|svg|rect|path|button)\b|!DOCTYPE html|/script|script src="/(live|console)\.js" defer|meta |link |input )`)
	handlers = regexp.MustCompile(`\s(on\w+|style)\s*=`)
)

// isHarmless checks that a page has no element and no character that is not ours.
func isHarmless(t *testing.T, html string) {
	t.Helper()
	for _, r := range html {
		if r != '\n' && !strconv.IsPrint(r) {
			t.Errorf("%q in a page", r)
		}
	}
	for _, tag := range tag.FindAllString(html, -1) {
		if !allowed.MatchString(tag) || handlers.MatchString(tag) || strings.Contains(tag, "javascript:") {
			t.Errorf("%q in a page", tag)
		}
	}
}

// However many devices there are, a page holds a bounded number of them.
func TestManyDevices(t *testing.T) {
	w := witness.New(witness.Options{})
	devices := connectMany(w, 260)
	for _, d := range devices[:30] {
		d.leaves()
	}
	html := get(t, site(w, options), "http://bench:9001/").Body.String()
	holds(t, html, "230 devices connected", "30 left within the hour, 40 not shown")
	if n, gone := strings.Count(html, `<tr role="row" id=`), strings.Count(html, `class="gone"`); n != 220 || gone != 20 {
		t.Errorf("%d devices shown, %d that have left; want 220, 20", n, gone)
	}
	if len(html) > 400_000 {
		t.Errorf("%d octets", len(html))
	}
}

// A device that has left is shown for an hour, after those that are there.
func TestLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		s := site(w, options)
		first := connect(w, "10.0.0.7:1", "first", "/")
		time.Sleep(time.Second)
		connect(w, "10.0.0.8:1", "second", "/")
		holds(t, get(t, s, "/").Body.String(), "2 devices connected", "second", "first")
		time.Sleep(time.Hour)
		first.leaves()
		time.Sleep(time.Second)
		connect(w, "10.0.0.9:1", "third", "/")
		holds(t, get(t, s, "/").Body.String(), "2 devices connected", "1 left within the hour", "third", "second", "first", "left")
		time.Sleep(59 * time.Minute)
		holds(t, get(t, s, "/").Body.String(), "third", "second", "first")
		time.Sleep(time.Minute)
		if html := get(t, s, "/").Body.String(); strings.Contains(html, "first") || strings.Contains(html, "within") {
			t.Error("it is still shown after an hour")
		}
		if code := get(t, s, "/devices/"+w.Devices()[2].ID).Code; code != http.StatusOK {
			t.Errorf("its own page: %d", code)
		}
	})
}

// A device that was forgotten is another one when it comes back, even if as much
// has happened to it.
func TestForgottenDevice(t *testing.T) {
	w := witness.New(witness.Options{MaxDevices: 1})
	s := site(w, options)
	connect(w, "10.0.0.7:1001", "board", "/").leaves()
	holds(t, get(t, s, "/").Body.String(), "10.0.0.7:1001")
	connect(w, "10.0.0.8:1002", "other", "/").leaves()
	connect(w, "10.0.0.7:1003", "board", "/").leaves()
	holds(t, get(t, s, "/").Body.String(), "10.0.0.7:1003")
}

func TestUnknownDevice(t *testing.T) {
	s := site(witness.New(witness.Options{}), options)
	for _, url := range []string{"/devices/0123456789abcdef", "/devices/%3Cscript%3E", "/devices/0123456789abcdef/events"} {
		answer := get(t, s, url)
		if answer.Code != http.StatusNotFound || strings.Contains(answer.Body.String(), "<script>") {
			t.Errorf("%s: %d %s", url, answer.Code, answer.Body)
		}
	}
	for _, url := range []string{"/else", "/devices/", "/devices", "/page.tmpl"} {
		if answer := get(t, s, url); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", url, answer.Code)
		}
	}
}

// The policy lets the page load what is the server's, and connect to where the
// echo is: what a visitor writes into its Host field is not let into it.
func TestPolicy(t *testing.T) {
	const rest = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for _, c := range []struct{ scheme, address, host, connect, echo string }{
		{"ws", "", "bench:9001", "connect-src 'self' ws://bench:9001 wss://bench:9001", ""},
		{"wss", "", "bench.local", "connect-src 'self' ws://bench.local wss://bench.local", ""},
		{"ws", "", "[::1]:9001", "connect-src 'self'", ""},
		{"ws", "", "a; script-src *", "connect-src 'self'", ""},
		{"ws", "", "a,b", "connect-src 'self'", ""},
		{"ws", ":9001", "bench:9002", "connect-src 'self' ws://bench:9001 wss://bench:9001", "ws://bench:9001"},
		{"wss", ":9001", "bench", "connect-src 'self' ws://bench:9001 wss://bench:9001", "wss://bench:9001"},
		{"wss", "192.168.4.2:443", "bench:9002", "connect-src 'self' ws://192.168.4.2:443 wss://192.168.4.2:443", "wss://192.168.4.2:443"},
		{"ws", ":9001", "[::1]:9002", "connect-src 'self' ws:", "ws://[::1]:9001"},
		{"ws", ":9001", "[fe80::1]", "connect-src 'self' ws:", "ws://[fe80::1]:9001"},
		{"ws", "[fd00::2]:9001", "bench:9002", "connect-src 'self' ws:", "ws://[fd00::2]:9001"},
	} {
		s := site(witness.New(witness.Options{}), page.Options{Scheme: c.scheme, Address: c.address})
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		if got, want := answer.Header().Get("Content-Security-Policy"), fmt.Sprintf(rest, c.connect); got != want {
			t.Errorf("%+v: %s\nwant %s", c, got, want)
		}
		if echo := `data-echo="` + c.echo + `"`; !strings.Contains(answer.Body.String(), echo) {
			t.Errorf("%+v: no %s in\n%s", c, echo, answer.Body)
		}
	}
}

func TestFiles(t *testing.T) {
	s := site(witness.New(witness.Options{}), options)
	html := get(t, s, "/").Body.String()
	files := regexp.MustCompile(`(?:src|href)="(/[a-z.]+)"`).FindAllStringSubmatch(html, -1)
	if len(files) != 4 {
		t.Errorf("%q, want style, icon and two scripts", files)
	}
	for _, file := range files {
		answer := get(t, s, file[1])
		if answer.Code != http.StatusOK || answer.Body.Len() < 100 || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", file[1], answer.Code, answer.Header())
		}
		again := httptest.NewRequest("GET", file[1], nil)
		again.Header.Set("If-None-Match", answer.Header().Get("ETag"))
		second := httptest.NewRecorder()
		if s.ServeHTTP(second, again); second.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", file[1], second.Code)
		}
	}
}
