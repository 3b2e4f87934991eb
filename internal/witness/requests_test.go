package witness_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/witness"
)

// What is no request is named with its octets, before its end.
func TestNoHTTP(t *testing.T) {
	for _, c := range []struct{ does, octets, want string }{
		{"speaks TLS", "\x16\x03\x01\x02\x00", `CRQ-01  what begins so is TLS, and no HTTP request (RFC 6455 §4.1)  16 03 01 02`},
		{"sends blank lines after it", "\x16\r\n\r\n", `CRQ-01  what begins so is no HTTP request (RFC 6455 §4.1)  16 0d 0a 0d`},
		{"says more than is shown", "\xff" + strings.Repeat("x", 99), `CRQ-01  what begins so is no HTTP request (RFC 6455 §4.1)  ff 78 78 78`},
		{"begins with quotes", `"x" y`, `CRQ-01  what begins so is no HTTP request (RFC 6455 §4.1)  "\"x\" `},
		{"never ends its head", "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 70_000), `CRQ-01  no end of the request within 65536 octets`},
	} {
		for _, piece := range []int{4, 4096} {
			t.Run(fmt.Sprintf("%s in %d", c.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				seen := events(w)
				talk := newTalk(w, piece)
				talk.device([]byte(c.octets))
				told := seen()
				talk.answer([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
				_ = talk.server.Close()
				if len(told) != 1 {
					t.Fatalf("events %v, want one", told)
				}
				if _, line, _ := strings.Cut(told[0].String(), "  "); !strings.HasPrefix(line, c.want) {
					t.Errorf("%s\nwant\n%s", line, c.want)
				}
				if got := metrics(t, w); !strings.Contains(got, `wsecho_handshakes_total{result="broken"} 1`) || !strings.Contains(got, `wsecho_handshakes_total{result="turned_away"} 0`) {
					t.Error("not counted as broken, or as turned away, too")
				}
			})
		}
	}
}

// A request without its empty line is named when the server has waited long
// enough; one that goes on is not.
func TestRequestThatNeverEnds(t *testing.T) {
	whole := request(newKey(rand.New(rand.NewPCG(1, 2)))).Append(nil)
	for _, c := range []struct {
		does string
		then func(*talk)
		want string
	}{
		{"waits", func(c *talk) { _, _ = c.server.Read(make([]byte, 1)) }, "CRQ-01"},
		{"hesitates", func(c *talk) { _, _ = c.server.Read(make([]byte, 1)); c.device([]byte("X: y")) }, ""},
		{"hesitates, and goes on", func(c *talk) { _, _ = c.server.Read(make([]byte, 1)); c.device([]byte("\r\n")) }, ""},
		{"is stopped", func(*talk) {}, ""},
	} {
		w := witness.New(witness.Options{})
		seen := events(w, witness.RuleBroken)
		talk := newTalk(w, 4096)
		talk.device(whole[:len(whole)-2])
		c.then(talk)
		_ = talk.server.Close()
		if got := rowsOf(w); got != c.want {
			t.Errorf("%s: %q named, want %q", c.does, got, c.want)
		}
		for _, e := range seen() {
			if _, line, _ := strings.Cut(e.String(), "  "); !strings.HasPrefix(line, `CRQ-01  no empty line came that ends the request (RFC 6455 §4.1)  "GET / HTTP/1.1\r\n`) {
				t.Error(line)
			}
		}
	}
}

// A request that its device ends TCP within is none; so is what a device library
// says when it is refused. What a server ends, or is lost, may have become one.
func TestRequestNotEnded(t *testing.T) {
	const said = "This is a webSocket client!"
	for _, c := range []struct {
		does    string
		refused bool
		octets  string
		gone    bool
		want    string
	}{
		{"talks after a refusal", true, said, true, "CRQ-01"},
		{"talks after a refusal, and stays", true, said, false, ""},
		{"leaves after a refusal", true, "", true, ""},
		{"leaves within its first request", false, "GET / HTTP/1.1\r\nHost: a\r\n", true, "CRQ-01"},
		{"never ends its first request", false, "GET / HTTP/1.1\r\nHost: a\r\n", false, ""},
		{"sends an empty line", false, "\r\n", true, ""},
		{"says nothing", false, "", true, ""},
	} {
		for _, piece := range []int{1, 4096} {
			w := witness.New(witness.Options{})
			seen := events(w, witness.RuleBroken)
			talk := newTalk(w, piece)
			if c.refused {
				talk.device(request(newKey(rand.New(rand.NewPCG(1, 2)))).Append(nil))
				talk.answer([]byte("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
			}
			talk.device([]byte(c.octets))
			talk.socket.gone = c.gone
			if c.gone {
				_, _ = talk.server.Read(make([]byte, 1))
			}
			_ = talk.server.Close()
			if got := rowsOf(w); got != c.want {
				t.Errorf("who %s: %q named, want %q", c.does, got, c.want)
			}
			const line = `10.0.0.7:51234  CRQ-01  the end of TCP within the request (RFC 6455 §4.1)  "This is a webSocket client!"`
			if told := seen(); c.octets == said && c.gone && (len(told) != 1 || told[0].String() != line) {
				t.Errorf("told %v, want %s", told, line)
			}
			if got := metrics(t, w); (c.octets != "" && c.octets != "\r\n") != strings.Contains(got, `wsecho_handshakes_total{result="broken"} 1`) {
				t.Errorf("who %s is counted wrongly as broken", c.does)
			}
		}
	}
}

// A connection that is refused is none, whatever the device takes it for.
func TestFramesAfterRefusal(t *testing.T) {
	for _, piece := range []int{1, 4096} {
		w := witness.New(witness.Options{})
		random := rand.New(rand.NewPCG(1, 2))
		c := newTalk(w, piece)
		c.device(request(newKey(random)).Append(nil))
		c.answer([]byte("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"))
		c.device(masked(random, text, "hi"))
		if got := rowsOf(w); got != "CRV-01" {
			t.Errorf("%q named, want CRV-01", got)
		}
	}
}

// Of what comes before the answer a few KiB are kept, until it is there: frames cannot
// be found after a gap, and so what is left of a connection is counted, not kept.
func TestTooMuchBeforeTheAnswer(t *testing.T) {
	const early, late = 100_000, 5000
	for _, c := range []struct {
		does   string
		answer func(key string) []byte
		rows   string
	}{
		{"opened", func(key string) []byte { return handshake.NewResponse(key).Append(nil) }, "CRQ-15"},
		{"refused", func(string) []byte { return []byte("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") }, ""},
	} {
		w := witness.New(witness.Options{})
		random := rand.New(rand.NewPCG(1, 2))
		var talks []*talk
		before := heap()
		for range 100 {
			talk := newTalk(w, 4096)
			key := newKey(random)
			talk.device(append(request(key).Append(nil), strings.Repeat("*", early)...))
			talk.answer(c.answer(key))
			talk.device([]byte(strings.Repeat("*", late)))
			talk.socket.said = nil
			talks = append(talks, talk)
		}
		if each := (heap() - before) / 100; each > 2<<10 {
			t.Errorf("%s: %d octets are kept of each connection", c.does, each)
		}
		if got := metrics(t, w); !strings.Contains(got, "wsecho_unread_octets_total 1.05e+07\n") || rowsOf(w) != c.rows {
			t.Errorf("%s: %q named, want %q, and 10500000 octets counted as unread: %.40s", c.does, rowsOf(w), c.rows, got[strings.Index(got, "\nwsecho_unread"):])
		}
		runtime.KeepAlive(talks)
	}
}
