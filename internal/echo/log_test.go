package echo

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// A writeLog keeps what each Write wrote.
type writeLog struct {
	mu     sync.Mutex
	writes []string
}

func (w *writeLog) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writes = append(w.writes, string(p))
	return len(p), nil
}

func (w *writeLog) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writes
}

func TestLog(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Reply: "Reply for %s", Log: &log})
	c := open(t, address, "/")
	c.send(frame(finText, "LEDon\r\n"))
	c.want(finText, "Reply for LEDon\r\n")
	c.send(frame(finBinary, "twelve octet"))
	c.want(finBinary, "twelve octet")
	d := dial(t, address)
	d.send([]byte(strings.NewReplacer("%s", "/", "13", "\x1b[2J").Replace(handshake)))
	d.head()

	want := []string{
		"Connection from " + c.LocalAddr().String() + "\n",
		`< LEDon\r\n` + "\n",
		`> Reply for LEDon\r\n` + "\n",
		"< binary 12 octets\n",
		"> binary 12 octets\n",
		"Refused " + d.LocalAddr().String() + ": 400 Bad Request\n",
	}
	if got := log.all(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestLogOfRefusal(t *testing.T) {
	var log writeLog
	c := dial(t, serve(t, Options{Log: &log}))
	c.send([]byte(strings.NewReplacer("%s", "/", ": 13", ": 12").Replace(handshake)))
	c.head()
	_ = c.Close()
	want := "Refused " + c.LocalAddr().String() + `: unsupported WebSocket protocol version (only 13 is supported): "12"` + "\n"
	if got := strings.Join(log.all(), ""); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Many talk at once; each line is one write, and whole.
func TestLogLinesDoNotMix(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Log: &log})
	var all sync.WaitGroup
	for i := range 8 {
		c := open(t, address, "/")
		message := strings.Repeat(fmt.Sprint(i), 300)
		all.Go(func() {
			for range 50 {
				if _, err := c.Write(frame(finText, message)); err != nil {
					t.Error(err)
				}
				if _, _, err := readFrame(c.in, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	lines := log.all()
	if want := 8 * (1 + 50 + 50); len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, line := range lines {
		if body := strings.TrimLeft(line, "<> "); !strings.HasPrefix(line, "Connection") && body != strings.Repeat(body[:1], 300)+"\n" {
			t.Fatalf("mixed line %q", line)
		}
	}
}

func TestNoLogCostsNothing(t *testing.T) {
	var log *lineLog
	payload := make([]byte, 1000)
	if n := testing.AllocsPerRun(100, func() { log.message('<', websocket.MessageText, payload) }); n > 0 {
		t.Errorf("%v allocations a message", n)
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		"LEDon":                        "LEDon",
		`{"a": "b"}`:                   `{"a": "b"}`,
		"κόσμε 😀":                      "κόσμε 😀",
		"a\nb\r\t\x00\x7f":             `a\nb\r\t\x00\x7f`,
		"\x1b]0;title\a\x1b[31m":       `\x1b]0;title\a\x1b[31m`,
		"\u009b31m":                    `\u009b31m`, // CSI in one character
		"\u202eevil\u2066\u200f":       `\u202eevil\u2066\u200f`,
		"\u2028\ufeff\u00a0":           `\u2028\ufeff\u00a0`,
		`a\nb`:                         `a\\nb`,
		strings.Repeat("*", 512):       strings.Repeat("*", 512),
		strings.Repeat("ü", 1024):      strings.Repeat("ü", 256) + "… (2048 octets)",
		"*" + strings.Repeat("ü", 600): "*" + strings.Repeat("ü", 255) + "… (1201 octets)",
	} {
		if got := string(appendShown(nil, []byte(in))); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func FuzzShown(f *testing.F) {
	f.Add([]byte("a\x1b\u202e"))
	f.Fuzz(func(t *testing.T, text []byte) {
		shown := appendShown(nil, text)
		if i := bytes.IndexFunc(shown, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e }); i >= 0 {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}
