package witness_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/witness"
)

// lines are events as people read them.
func lines(events []witness.Event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.String() + "\n")
	}
	return b.String()
}

func TestEvents(t *testing.T) {
	w := witness.New(witness.Options{})
	stop := events(w)
	random := rand.New(rand.NewPCG(1, 1))
	c := newTalk(w, 4096)
	c.open(random)
	c.device(masked(random, text, "a\x1b[31m\"\u202e"))
	c.answer(plain(binary, "\x00\xff"))
	c.device(keyed([4]byte{}, ping, ""))
	c.device(masked(random, closing, "\x03\xe8bye"))
	c.device(masked(random, text, strings.Repeat("x", 70))[:40])
	_ = c.server.Close()
	_ = c.server.Close() // once more changes nothing
	seen := stop()
	const want = `10.0.0.7:51234  opened /
10.0.0.7:51234  < text of 10 octets  "a\x1b[31m\"\u202e"
10.0.0.7:51234  > binary of 2 octets  00 ff
10.0.0.7:51234  MSK-08  a mask key of zero, which masks nothing (RFC 6455 §5.3)  89 80 00 00 00 00
10.0.0.7:51234  < ping of 0 octets
10.0.0.7:51234  < close of 5 octets  1000 "bye"
10.0.0.7:51234  CLS-08  a text frame after a close frame (RFC 6455 §5.5.1)  <octets> …
10.0.0.7:51234  < text of 70 octets, of which 34 came  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
10.0.0.7:51234  closed by the device with 1000
`
	got := lines(seen)
	if i := strings.Index(got, "§5.5.1)  "); i >= 0 { // the key is drawn
		i += len("§5.5.1)  ")
		got = got[:i] + "<octets>" + got[i+strings.Index(got[i:], " …"):]
	}
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, e := range seen {
		line, err := json.Marshal(e)
		var back map[string]any
		if err != nil || json.Unmarshal(line, &back) != nil || back["event"] != string(e.Kind) || back["address"] != "10.0.0.7:51234" {
			t.Errorf("%s, %v", line, err)
		}
	}
}

// What a server refuses is told, with the status and the words that it has for it: an
// opening handshake, a head that it does not want to read to its end, what is none.
// What is no opening handshake is not.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ does, octets, answer, want string }{
		{"asks in vain", "GET / HTTP/1.1\r\nHost: a:9001\r\nUpgrade: websocket\r\n\r\n", "426 Upgrade Required", "10.0.0.7:51234  refused with 426 Upgrade Required\n"},
		{"has a long head", "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 30_000), "431 Too Large", "10.0.0.7:51234  refused with 431 Too Large\n"},
		{"speaks TLS", "\x16\x03\x01", "400 \x1b[31m", "10.0.0.7:51234  refused with 400 \\x1b[31m\n"},
		{"comes too late", "", "503", "10.0.0.7:51234  refused with 503\n"},
		{"wants a page", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "404 Not Found", ""},
	} {
		w := witness.New(witness.Options{})
		seen := events(w, witness.Refused)
		talk := newTalk(w, 4096)
		talk.device([]byte(c.octets))
		talk.answer([]byte("HTTP/1.1 " + c.answer + "\r\nContent-Length: 0\r\n\r\n"))
		_ = talk.server.Close()
		told := seen()
		if got := lines(told); got != c.want {
			t.Errorf("who %s: %q, want %q", c.does, got, c.want)
		}
		for _, e := range told {
			line, err := json.Marshal(e)
			if want := `"event":"refused","address":"10.0.0.7:51234","status":` + c.answer[:3]; err != nil || !strings.Contains(string(line), want) {
				t.Errorf("%s, %v, want %s", line, err, want)
			}
		}
	}
}

// Who follows too slowly is not waited for, and told how much is missing.
func TestSlowSubscriber(t *testing.T) {
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(1, 1))
	c := newTalk(w, 4096)
	c.open(random)
	seen := w.Subscribe(t.Context(), witness.FrameSeen)
	for range 1024 + 7 {
		c.device(masked(random, text, "x"))
	}
	if got := metrics(t, w); !strings.Contains(got, "wsecho_missed_events_total 7\n") {
		t.Error("what was missed is not counted")
	}
	for range 1024 {
		<-seen
	}
	c.device(masked(random, text, "x"))
	if e := <-seen; e.Missed != 7 || !strings.HasPrefix(e.String(), "7 not shown, too many at once\n") {
		t.Errorf("missed %d, want 7: %s", e.Missed, e)
	}
	c.device(masked(random, text, "x"))
	if e := <-seen; e.Missed != 0 {
		t.Errorf("missed %d, want none since the one before", e.Missed)
	}
}

// A device that always breaks a rule is told of once, and with each power of ten.
func TestRepeatsAreCounted(t *testing.T) {
	w := witness.New(witness.Options{})
	stop := events(w, witness.RuleBroken)
	c := newTalk(w, 4096)
	c.open(rand.New(rand.NewPCG(1, 1)))
	for range 150 {
		c.device(plain(text, "hi"))
	}
	if got := stop(); len(got) != 3 || !strings.HasSuffix(got[2].String(), "  81 02 68 69  time 100") {
		t.Errorf("%s\nwant the first, the tenth and the hundredth", lines(got))
	}
	if d := w.Devices()[0]; d.Violations[0].Count != 150 {
		t.Errorf("%d counted, want 150", d.Violations[0].Count)
	}
}

// Who ends TCP first has ended a connection without a close frame.
func TestWhoEndsFirst(t *testing.T) {
	for _, c := range []struct {
		server bool
		want   string
	}{
		{true, "ended by the server without a close frame"},
		{false, "ended by the device without a close frame"},
	} {
		w := witness.New(witness.Options{})
		seen := events(w, witness.Closed)
		s := &socket{remote: "10.0.0.7:51234"}
		server, _ := w.Listen(one{halfSocket{s}}).Accept()
		talk := &talk{socket: s, server: server, piece: 4096}
		talk.open(rand.New(rand.NewPCG(1, 2)))
		ends := []func(){
			func() { _ = server.(interface{ CloseWrite() error }).CloseWrite() },
			func() { s.gone = true; _, _ = server.Read(make([]byte, 1)) },
		}
		if !c.server {
			slices.Reverse(ends)
		}
		for _, end := range ends {
			end()
		}
		_ = server.Close()
		if told := seen(); len(told) != 1 || told[0].Closing.String() != c.want {
			t.Errorf("told %v, want that it was %s", told, c.want)
		}
	}
}

// A halfSocket can be closed by halves, as TCP can.
type halfSocket struct{ *socket }

func (halfSocket) CloseWrite() error { return nil }
