package witness_test

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("status %d: %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// One of everything is counted, and the linter has nothing to say.
func TestMetrics(t *testing.T) {
	w := witness.New(witness.Options{})
	w.Counter("pages_total", "Pages of somebody else's.", func() float64 { return 7 })
	w.Gauge("readers", "Readers of them.", func() float64 { return 3 })
	random := rand.New(rand.NewPCG(1, 1))
	c := newTalk(w, 4096)
	c.open(random)
	c.device(masked(random, textPart, "Hel"))
	c.device(masked(random, ping, "x"))
	c.answer(plain(wire.Header{Fin: true, Opcode: wire.Pong}, "x"))
	c.device(masked(random, lastPart, "lo"))
	c.answer(plain(text, "Hello"))
	c.device(masked(random, wire.Header{Fin: true, Opcode: 7}, ""))
	c.answer(plain(closing, "\x03\xea"))
	c.device(masked(random, closing, "\x03\xea"))
	_ = c.server.Close()
	_ = c.server.Close() // is counted once

	c = newTalk(w, 4096)
	c.device([]byte("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"))
	c.answer([]byte("HTTP/1.1 200 OK\r\n\r\n"))

	newTalk(w, 4096).answer([]byte("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))

	got := metrics(t, w)
	for _, want := range []string{
		`wsecho_connections_total 3`,
		`wsecho_pages_total 7`,
		`wsecho_readers 3`,
		`wsecho_connections_open 2`,
		`wsecho_handshakes_total{result="opened"} 1`,
		`wsecho_handshakes_total{result="turned_away"} 1`,
		`wsecho_plain_requests_total 1`,
		`wsecho_frames_total{from="device",opcode="text"} 1`,
		`wsecho_frames_total{from="device",opcode="continuation"} 1`,
		`wsecho_frames_total{from="device",opcode="reserved"} 1`,
		`wsecho_frames_total{from="server",opcode="pong"} 1`,
		`wsecho_payload_octets_total{from="device",opcode="text"} 3`,
		`wsecho_message_octets_sum{from="device",type="text"} 5`,
		`wsecho_message_octets_count{from="server",type="text"} 1`,
		`wsecho_closes_total{code="1002",initiator="server"} 1`,
		`wsecho_violations_total{rule="FRM-14"} 1`,
		`wsecho_answer_latency_seconds_count 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	problems, err := promlint.New(bytes.NewReader([]byte(got))).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

// Nothing that a device sends becomes a label, whatever it closes with.
func TestLabelsAreOurs(t *testing.T) {
	w := witness.New(witness.Options{})
	before := strings.Count(metrics(t, w), "\n")
	random := rand.New(rand.NewPCG(1, 1))
	for code := range 5000 {
		c := newTalk(w, 4096)
		c.open(random)
		c.device(masked(random, wire.Header{Fin: true, Opcode: closing.Opcode}, string([]byte{byte(code >> 8), byte(code)})))
		_ = c.server.Close()
	}
	lines := strings.Count(metrics(t, w), "\n") - before
	if known := 13 + 2; lines != known { // 12 codes and other, HELP and TYPE
		t.Errorf("%d lines more, want %d", lines, known)
	}
}

// A connection that the server closes without a look at it is turned away, as one
// too many is under TLS, where nothing can be said without waiting.
func TestTurnedAway(t *testing.T) {
	refusal := []byte("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
	for _, c := range []struct {
		does string
		meet func(*talk)
		want string
	}{
		{"says nothing", func(*talk) {}, "1"},
		{"refuses", func(c *talk) { c.answer(refusal) }, "1"},
		{"waits", func(c *talk) { _, _ = c.server.Read(make([]byte, 1)) }, "0"},
	} {
		w := witness.New(witness.Options{})
		talk := newTalk(w, 4096)
		c.meet(talk)
		_ = talk.server.Close()
		_ = talk.server.Close()
		if got := metrics(t, w); !strings.Contains(got, `wsecho_handshakes_total{result="turned_away"} `+c.want+"\n") {
			t.Errorf("a server that %s: not %s turned away", c.does, c.want)
		}
	}
}
