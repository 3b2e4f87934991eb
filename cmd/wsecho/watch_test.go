package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/echo"
)

// A saying collects what a server says while it runs.
type saying struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *saying) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *saying) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// await waits for what matches, and returns its first group.
func (s *saying) await(t *testing.T, pattern string) string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if found := expression.FindStringSubmatch(s.String()); found != nil {
			return found[1]
		}
	}
	t.Fatalf("no %s in %q", pattern, s)
	return ""
}

// running is wsecho with these arguments; stop ends it and returns its stderr.
func running(t *testing.T, args ...string) (said *saying, address string, stop func() string) {
	t.Helper()
	said = &saying{}
	ctx, cancel := context.WithCancel(context.Background())
	exit := make(chan int, 1)
	go func() {
		exit <- run(ctx, append([]string{"--listen", "127.0.0.1:0", "--quiet"}, args...), env{Stdout: io.Discard, Stderr: said})
	}()
	stop = sync.OnceValue(func() string {
		cancel()
		select {
		case code := <-exit:
			if code != exitOK {
				t.Errorf("exit %d: %s", code, said)
			}
		case <-time.After(hang):
			t.Error("does not stop")
		}
		return said.String()
	})
	t.Cleanup(func() { stop() })
	return said, said.await(t, `ws://([^/]+)/`), stop
}

// lie opens a WebSocket with the RFC's sample key, sends text without a mask, and
// waits for the end.
func lie(t *testing.T, address string) (from string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(hang))
	request := "GET / HTTP/1.1\r\nHost: " + address + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Version: 13\r\nUser-Agent: l\x9biar\r\n\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for !strings.HasSuffix(got.String(), "\r\n\r\n") {
		if _, err := io.CopyN(&got, c, 1); err != nil {
			t.Fatalf("%v after %q", err, &got)
		}
	}
	_, _ = c.Write([]byte("\x81\x02hi"))
	_, _ = io.Copy(io.Discard, c)
	return c.LocalAddr().String()
}

func TestShow(t *testing.T) {
	const key = "ADDRESS  CRQ-08  the key dGhlIHNhbXBsZSBub25jZQ== is RFC 6455's sample (RFC 6455 §4.1)  \"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\"\n"
	const mask = "ADDRESS  MSK-04  a text frame from a client without a mask (RFC 6455 §5.1)  81 02 68 69\n"
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"violations", nil, key + mask},
		{"none", []string{"--show", "none"}, ""},
		{"frames", []string{"--show", "frames"}, key + `ADDRESS  opened / by l\x9biar` + "\n" + mask + "ADDRESS  < text of 2 octets  \"hi\"\n" +
			"ADDRESS  > close of 2 octets  1002 \"\"\nADDRESS  closed by the server with 1002\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, address, stop := running(t, c.args...)
			from := lie(t, address)
			_, shown, _ := strings.Cut(stop(), "/\n")
			shown = regexp.MustCompile(`close of \d+ octets  1002 ".*"`).ReplaceAllString(shown, `close of 2 octets  1002 ""`)
			if want := strings.ReplaceAll(c.want, "ADDRESS", from); shown != want {
				t.Errorf("%s\nwant\n%s", shown, want)
			}
		})
	}
}

func TestShowJSON(t *testing.T) {
	_, address, stop := running(t, "--log-format", "json")
	from := lie(t, address)
	_, shown, _ := strings.Cut(stop(), "\n") // the first says that it listens
	var rows []string
	for line := range strings.Lines(shown) {
		var e struct {
			Event, Address string
			Violation      struct{ Row, Clause, Octets string }
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Event != "violation" || e.Address != from || e.Violation.Clause == "" {
			t.Errorf("%s, %v", line, err)
		}
		rows = append(rows, e.Violation.Row+" "+e.Violation.Octets[:8])
	}
	if got := strings.Join(rows, ", "); got != "CRQ-08 5365632d, MSK-04 81026869" {
		t.Errorf("%s in %s", got, shown)
	}
}

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

func TestWatchUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--show", "all"}, "wsecho: --show \"all\": neither frames nor violations nor none\n"},
		{[]string{"--log-format", "xml"}, "wsecho: --log-format \"xml\": neither human nor json\n"},
		{[]string{"--admin", "9002"}, "wsecho: --admin \"9002\": not HOST:PORT or :PORT\n"},
	} {
		var said saying
		if code := run(t.Context(), c.args, env{Stdout: io.Discard, Stderr: &said}); code != exitUsage || said.String() != c.want {
			t.Errorf("%v: exit %d, %s", c.args, code, &said)
		}
	}
}

// exchanged sends octets after an opening handshake with a good key and this
// Host, and returns the status line and all that comes until the end. Each test
// is a device of its own, whose masks may be those of another.
func exchanged(t *testing.T, address, host, octets string) (status, got string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(hang))
	var key [16]byte
	_, _ = rand.Read(key[:])
	request := "GET / HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
		base64.StdEncoding.EncodeToString(key[:]) + "\r\nSec-WebSocket-Version: 13\r\nUser-Agent: " + t.Name() + "\r\n\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode == http.StatusSwitchingProtocols {
		_, _ = io.WriteString(c, octets)
		rest, _ := io.ReadAll(in)
		return answer.Status, string(rest)
	}
	if got := answer.Header.Get("Sec-WebSocket-Version"); got != "13" { // RFC 6455 §4.4
		t.Errorf("a refusal names version %q", got)
	}
	rest, _ := io.ReadAll(answer.Body)
	return answer.Status, string(rest)
}

// What is named is refused, by its name; what is lawful is not, nor what only
// follows from the RFC. What the server refuses anyway keeps its code.
func TestStrict(t *testing.T) {
	_, address, _ := running(t, "--strict", "--show", "none")
	_, lenient, _ := running(t, "--show", "none")
	const lawful, closed = "\x81\x82\x11\x22\x33\x44\x79\x4b", "\x88\x82\x55\x17\x21\x09\x56\xff"
	for name, c := range map[string]struct{ host, octets, status, want, otherwise string }{
		"lawful": {address, lawful + closed, "101", "\x81\x02hi\x88\x02\x03\xe8", "\x81\x02hi\x88\x02\x03\xe8"},
		"no mask at all": {address, "\x81\x80\x00\x00\x00\x00" + closed, "101",
			"\x88\x42\x03\xeaMSK-08: a mask key of zero, which masks nothing (RFC 6455 §5.3)", "\x81\x00\x88\x02\x03\xe8"},
		"no mask after what is lawful": {address, lawful + "\x89\x81\x05\x06\x07\x08\x64\x81\x80\x00\x00\x00\x00" + lawful + closed, "101",
			"\x81\x02hi\x8a\x01a\x88\x42\x03\xeaMSK-08: ", "\x81\x02hi\x8a\x01a\x81\x00\x81\x02hi"},
		"no UTF-8 in the second part": {address, "\x01\x82\x91\x82\x73\x64\xf9\xeb\x89\x80\x15\x26\x37\x48\x80\x81\x01\x02\x03\x04\xfe", "101",
			"\x8a\x00\x88\x4d\x03\xefUTF-07: ", "\x8a\x00\x88"},
		"a length of 2 in 16 bits": {address, "\x82\xfe\x00\x02\x01\x02\x03\x04hi" + closed, "101",
			"\x88\x3b\x03\xeaLEN-02: a length of 2 spelled in 16 bits (RFC 6455 §5.2)", "\x82\x02ik\x88\x02\x03\xe8"},
		"no UTF-8":             {address, "\x81\x81\x01\x02\x03\x04\xfe" + closed, "101", "\x88\x4d\x03\xefUTF-07: ", "\x88"},
		"no port":              {"127.0.0.1", closed, "400", "CRQ-04: Host \"127.0.0.1\" leaves out the port, which is ", "\x88\x02\x03\xe8"},
		"text after its close": {address, closed + lawful, "101", "\x88\x02\x03\xe8", "\x88\x02\x03\xe8"},
	} {
		t.Run(name, func(t *testing.T) {
			host := strings.Replace(c.host, lenient, address, 1)
			status, got := exchanged(t, address, host, c.octets)
			if !strings.HasPrefix(status, c.status) || !strings.HasPrefix(got, c.want) {
				t.Errorf("strict: %s, %q, want %s, %q", status, got, c.status, c.want)
			}
			host = strings.Replace(c.host, address, lenient, 1)
			if status, got := exchanged(t, lenient, host, c.octets); !strings.HasPrefix(status, "101") || !strings.HasPrefix(got, c.otherwise) {
				t.Errorf("otherwise: %s, %q, want %q", status, got, c.otherwise)
			}
		})
	}
}

func TestNoWitness(t *testing.T) {
	_, address, stop := running(t, "--no-witness")
	lie(t, address)
	if got := get(t, "http://"+address+"/metrics"); !strings.HasSuffix(got, "\nwsecho_watching 0\n") || strings.Count(got, "\nwsecho_") != 1 {
		t.Errorf("metrics: %s", got)
	}
	if got := get(t, "http://"+address+"/"); !strings.Contains(got, "Devices are not watched") {
		t.Errorf("page: %s", got)
	}
	if _, shown, _ := strings.Cut(stop(), "/\n"); shown != "" {
		t.Errorf("shown: %s", shown)
	}
	for _, other := range [][]string{{"--strict"}, {"--show", "frames"}} {
		var said saying
		if code := run(t.Context(), append(other, "--no-witness"), env{Stdout: io.Discard, Stderr: &said}); code != exitUsage || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%s: exit %d, %s", other, code, &said)
		}
	}
}

// With JSON all of stderr is objects, a line each, and the first are what is listened
// on, be it wss or an address for the page.
func TestAllOfStderrIsJSON(t *testing.T) {
	said := &saying{}
	ctx, cancel := context.WithCancel(t.Context())
	exit := make(chan int, 1)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	args := []string{"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--tls", "--log-format", "json", "--show", "frames", "--quiet"}
	go func() { exit <- run(ctx, args, env{Stdout: io.Discard, Stderr: said}) }()
	address := said.await(t, `"wss://([0-9.:]*)/"`)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	cancel()
	if code := <-exit; code != exitOK {
		t.Errorf("exit %d", code)
	}
	code := run(t.Context(), []string{"--listen", address, "--idle", "-1s", "--log-format", "json"}, env{Stdout: io.Discard, Stderr: said})
	if code != exitUsage {
		t.Errorf("exit %d", code)
	}
	var events []string
	for line := range strings.Lines(said.String()) {
		var object struct {
			Event, Text string
			Time        time.Time
			URLs        []string
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Text == "" || object.Time.IsZero() || strings.HasPrefix(object.Text, "wsecho") {
			t.Errorf("%s, %v", line, err)
		}
		events = append(events, fmt.Sprint(object.Event, len(object.URLs)))
	}
	if got := strings.Join(events, " "); !strings.HasPrefix(got, "note0 ") || !strings.HasSuffix(got, " listening2 note0") {
		t.Errorf("events %s in %s", got, said)
	}
}
