package witness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

var (
	text     = wire.Header{Fin: true, Opcode: wire.Text}
	binary   = wire.Header{Fin: true, Opcode: wire.Binary}
	ping     = wire.Header{Fin: true, Opcode: wire.Ping}
	closing  = wire.Header{Fin: true, Opcode: wire.Close}
	textPart = wire.Header{Opcode: wire.Text}
	part     = wire.Header{Opcode: wire.Continuation}
	lastPart = wire.Header{Fin: true, Opcode: wire.Continuation}
)

// A liar breaks a rule: in its request, or after the 101.
type liar struct {
	does    string
	request func(*handshake.Request)
	early   []byte                      // sent before the 101
	frames  func(r *rand.Rand) [][]byte // sent after it
	want    string                      // all rows that are named
	line    string                      // how one of them reads, without address
}

func each(frames ...[]byte) func(*rand.Rand) [][]byte {
	return func(*rand.Rand) [][]byte { return frames }
}

// textsMasked are texts with these keys.
func textsMasked(keys ...uint32) func(*rand.Rand) [][]byte {
	var frames [][]byte
	for _, key := range keys {
		frames = append(frames, keyed([4]byte{byte(key >> 24), byte(key >> 16), byte(key >> 8), byte(key)}, text, "hi"))
	}
	return each(frames...)
}

func lawful(h wire.Header, payload string) func(*rand.Rand) [][]byte {
	return func(r *rand.Rand) [][]byte { return [][]byte{masked(r, h, payload)} }
}

func with(set func(*wire.Header), h wire.Header) wire.Header { set(&h); return h }

func set(name, value string) func(*handshake.Request) {
	return func(r *handshake.Request) {
		for i := range r.Header {
			if r.Header[i].Name == name {
				r.Header[i].Value = value
				return
			}
		}
		r.Header = append(r.Header, handshake.Field{Name: name, Value: value})
	}
}

func add(name, value string) func(*handshake.Request) {
	return func(r *handshake.Request) {
		r.Header = append(r.Header, handshake.Field{Name: name, Value: value})
	}
}

func drop(name string) func(*handshake.Request) {
	return func(r *handshake.Request) {
		for i := range r.Header {
			if r.Header[i].Name == name {
				r.Header = append(r.Header[:i], r.Header[i+1:]...)
				return
			}
		}
	}
}

var liars = []liar{
	// The opening handshake.
	{does: "has a space in a field name", request: add("X ", "y"), want: "CRQ-01"},
	{does: "posts", request: func(r *handshake.Request) { r.Method = "POST" }, want: "CRQ-02",
		line: `CRQ-02  method is "POST", wanted GET (RFC 6455 §4.1)  "POST / HTTP/1.1\r\nHost: 10.0.0.1:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key" …`},
	{does: "speaks HTTP 1.0", request: func(r *handshake.Request) { r.Proto = "HTTP/1.0" }, want: "CRQ-02"},
	{does: "asks for no path", request: func(r *handshake.Request) { r.Target = "chat" }, want: "CRQ-03"},
	{does: "sends a fragment of the URI", request: func(r *handshake.Request) { r.Target = "/a#b" }, want: "URI-03"},
	{does: "has no Host", request: drop("Host"), want: "CRQ-04"},
	{does: "leaves out the port", request: set("Host", "10.0.0.1"), want: "CRQ-04",
		line: `CRQ-04  Host "10.0.0.1" leaves out the port, which is 9001 (RFC 6455 §4.1)  "Host: 10.0.0.1"`},
	{does: "hides controls in Host", request: set("Host", "a\x1b[31m:1"), want: "CRQ-01 CRQ-04"},
	{does: "upgrades to nothing known", request: set("Upgrade", "h2c"), want: "CRQ-05"},
	{does: "keeps alive only", request: set("Connection", "keep-alive"), want: "CRQ-06"},
	{does: "has the key foo", request: set("Sec-WebSocket-Key", "foo"), want: "CRQ-07"},
	{does: "has no key", request: drop("Sec-WebSocket-Key"), want: "CRQ-07"},
	{does: "has the sample key", request: set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), want: "CRQ-08",
		line: `CRQ-08  the key dGhlIHNhbXBsZSBub25jZQ== is RFC 6455's sample (RFC 6455 §4.1)  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="`},
	{does: "has a key of zeros", request: set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="), want: "CRQ-08"},
	{does: "speaks version 8", request: set("Sec-WebSocket-Version", "8"), want: "CRQ-09"},
	{does: "offers a subprotocol twice", request: set("Sec-WebSocket-Protocol", "a, a"), want: "CRQ-10"},
	{does: "offers an extension without name", request: set("Sec-WebSocket-Extensions", "; a"), want: "CRQ-11"},
	{does: "offers a parameter that there is none of", request: set("Sec-WebSocket-Extensions", "permessage-deflate; x=1"), want: "CRQ-11",
		line: `CRQ-11  Sec-WebSocket-Extensions offers "permessage-deflate; x=1": no parameter is called "x" (RFC 7692 §7.1)  "Sec-WebSocket-Extensions: permessage-deflate; x=1"`},
	{does: "offers a window of 7 bits", request: set("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate; client_max_window_bits=7"), want: "CRQ-11"},
	{does: "offers a window of 08 bits", request: set("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=08"), want: "CRQ-11"},
	{does: "offers a window without bits", request: set("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits"), want: "CRQ-11"},
	{does: "offers a parameter twice", request: set("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; server_no_context_takeover"), want: "CRQ-11"},
	{does: "offers takeover with a value", request: set("Sec-WebSocket-Extensions", "permessage-deflate; client_no_context_takeover=true"), want: "CRQ-11"},
	{does: "offers an extension of its own", request: set("Sec-WebSocket-Extensions", "permessage-deflate, x-mine"), want: "EXT-07",
		line: `EXT-07  the extension "x-mine" is not registered (RFC 6455 §9.1)  "Sec-WebSocket-Extensions: permessage-deflate, x-mine"`},
	{does: "uses what was declined", request: set("Sec-WebSocket-Extensions", "permessage-deflate"),
		frames: lawful(with(func(h *wire.Header) { h.RSV = 4 }, text), "\xf2\x48\xcd\xc9\xc9\x07\x00"), want: "EXT-02 FRM-14"},
	{does: "has a control in its path", request: func(r *handshake.Request) { r.Target = "/a\x7f" }, want: "CRQ-01"},
	{does: "asks for a path as it is written", request: func(r *handshake.Request) { r.Target = "/größe" }, want: "CRQ-01 URI-06"},
	{does: "has a path in Origin", request: set("Origin", "http://a/b"), want: "CRQ-12"},
	{does: "has two keys", request: add("Sec-WebSocket-Key", "1Jn4DIjLBHBJ6lmD5DLMyA=="), want: "CRQ-13"},
	{does: "has two versions", request: add("Sec-WebSocket-Version", "13"), want: "CRQ-14"},
	{does: "sends before it is answered", early: keyed([4]byte{1, 7, 2, 9}, text, "hi"), want: "CRQ-15",
		line: `CRQ-15  octets before the server has answered (RFC 6455 §4.1)  81 82 01 07 02 09 69 6e`},

	// Masks.
	{does: "does not mask text", frames: each(plain(text, "hi")), want: "MSK-04",
		line: `MSK-04  a text frame from a client without a mask (RFC 6455 §5.1)  81 02 68 69`},
	{does: "does not mask a ping", frames: each(plain(ping, "")), want: "MSK-04"},
	{does: "does not mask its close", frames: each(plain(closing, "\x03\xe8")), want: "MSK-04"},
	{does: "masks with zero", frames: each(keyed([4]byte{}, text, "hi")), want: "MSK-08",
		line: `MSK-08  a mask key of zero, which masks nothing (RFC 6455 §5.3)  81 82 00 00 00 00 68 69`},
	{does: "masks with one key", frames: each(keyed([4]byte{1, 2, 3, 4}, text, "a"), keyed([4]byte{1, 2, 3, 4}, text, "b"), keyed([4]byte{1, 2, 3, 4}, text, "c")), want: "MSK-06",
		line: `MSK-06  the mask key 01020304 again (RFC 6455 §5.3)  81 81 01 02 03 04 62`},
	{does: "masks with two keys in turn", frames: each(keyed([4]byte{1, 2, 3, 4}, text, "a"), keyed([4]byte{9, 1, 7, 3}, text, "b"), keyed([4]byte{1, 2, 3, 4}, text, "c"), keyed([4]byte{9, 1, 7, 3}, text, "d")), want: "MSK-06"},
	{does: "masks with a count", frames: each(keyed([4]byte{0, 0, 0, 9}, text, "a"), keyed([4]byte{0, 0, 0, 10}, text, "b"), keyed([4]byte{0, 0, 0, 11}, text, "c"), keyed([4]byte{0, 0, 0, 12}, text, "d")), want: "MSK-06"},
	{does: "masks with a linear congruential generator", frames: textsMasked(0xcc6c5534, 0x264e4f5d, 0x2a7450d2, 0x589295a3, 0x7f1390a0), want: "MSK-06",
		line: `MSK-06  the mask key 7f1390a0, which can be told from those before it (RFC 6455 §5.3)  81 82 7f 13 90 a0 17 7a`},
	{does: "masks with one of a processor that turns octets round", frames: textsMasked(0x34556ccc, 0x5d4f4e26, 0xd250742a, 0xa3959258, 0xa090137f), want: "MSK-06"},

	// Frames.
	{does: "spells 2 in 16 bits", frames: lawful(with(func(h *wire.Header) { h.Form = wire.Form16 }, text), "hi"), want: "LEN-02"},
	{does: "spells 126 in 64 bits", frames: lawful(with(func(h *wire.Header) { h.Form = wire.Form64 }, binary), strings.Repeat("*", 126)), want: "LEN-02"},
	{does: "sets the top bit of a length", frames: lawful(with(func(h *wire.Header) { h.Length = 1 << 63 }, binary), "*"), want: "LEN-02"},
	{does: "sets RSV1", frames: lawful(with(func(h *wire.Header) { h.RSV = 4 }, text), "hi"), want: "FRM-14"},
	{does: "sets RSV3 on a ping", frames: lawful(with(func(h *wire.Header) { h.RSV = 1 }, ping), ""), want: "FRM-14"},
	{does: "has opcode 3", frames: lawful(wire.Header{Fin: true, Opcode: 3}, "hi"), want: "FRM-14"},
	{does: "has opcode 15", frames: lawful(wire.Header{Fin: true, Opcode: 15}, ""), want: "FRM-14"},
	{does: "continues nothing", frames: lawful(lastPart, "hi"), want: "FRG-10"},
	{does: "begins a message in a message", frames: func(r *rand.Rand) [][]byte {
		return [][]byte{masked(r, textPart, "a"), masked(r, text, "b")}
	}, want: "FRG-10"},
	{does: "fragments a ping", frames: lawful(with(func(h *wire.Header) { h.Fin = false }, ping), "a"), want: "CTL-13"},
	{does: "pings with 126 octets", frames: lawful(ping, strings.Repeat("*", 126)), want: "CTL-13"},
	{does: "closes with 126 octets", frames: lawful(closing, "\x03\xe8"+strings.Repeat("*", 124)), want: "CTL-13"},

	// Text.
	{does: "sends Latin-1", frames: lawful(text, "gr\xfc\xdfe"), want: "UTF-07",
		line: `UTF-07  text that is not UTF-8 from octet 2 of the message (RFC 6455 §8.1)  67 72 fc`},
	{does: "sends a surrogate over fragments", frames: func(r *rand.Rand) [][]byte {
		return [][]byte{masked(r, textPart, "a\xed"), masked(r, part, ""), masked(r, ping, "\xff"), masked(r, lastPart, "\xa0\x80")}
	}, want: "UTF-07"},
	{does: "ends within a character", frames: lawful(text, "gr\xc3"), want: "UTF-07"},

	// Closing.
	{does: "closes with one octet", frames: lawful(closing, "\x03"), want: "CLS-21"},
	{does: "closes with a reason that is not UTF-8", frames: lawful(closing, "\x03\xe8\xff"), want: "CLS-21"},
	{does: "closes with 1005", frames: lawful(closing, "\x03\xed"), want: "COD-02"},
	{does: "closes with 999", frames: lawful(closing, "\x03\xe7"), want: "COD-02"},
	{does: "sends text after its close", frames: func(r *rand.Rand) [][]byte {
		return [][]byte{masked(r, closing, "\x03\xe8"), masked(r, text, "hi"), masked(r, ping, "")}
	}, want: "CLS-08"},
	{does: "closes twice", frames: func(r *rand.Rand) [][]byte {
		return [][]byte{masked(r, closing, "\x03\xe8"), masked(r, closing, "\x03\xe8")}
	}, want: "CLS-10"},
}

// Each liar is caught at exactly what it does, however its octets come.
func TestLiars(t *testing.T) {
	for _, l := range liars {
		for _, piece := range []int{1, 3, 4096} {
			t.Run(fmt.Sprintf("%s in %d", l.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				seen := events(w, witness.RuleBroken)
				l.tell(newTalk(w, piece))
				if got := rowsOf(w); got != l.want {
					t.Errorf("%q named, want %q", got, l.want)
				}
				told := seen()
				if len(told) == 0 || len(strings.Fields(l.want)) != len(told) {
					t.Errorf("events %v, want one for each of %s", told, l.want)
				}
				for _, e := range told {
					if _, line, _ := strings.Cut(e.String(), "  "); l.line != "" && line != l.line {
						t.Errorf("%s\nwant\n%s", line, l.line)
					}
				}
				if got := metrics(t, w); !strings.Contains(got, `wsecho_violations_total{rule="other"} 0`) {
					t.Errorf("a row that the metric does not know, of %s", l.want)
				}
			})
		}
	}
}

func (l liar) tell(c *talk) {
	random := rand.New(rand.NewPCG(1, 2))
	key := newKey(random)
	r := request(key)
	if l.request != nil {
		l.request(&r)
	}
	c.device(append(r.Append(nil), l.early...))
	c.answer(handshake.NewResponse(key).Append(nil))
	if l.frames != nil {
		for _, frame := range l.frames(random) {
			c.device(frame)
		}
	}
	_ = c.server.Close()
}

// What is no request is named with its octets, before its end.
func TestNoHTTP(t *testing.T) {
	for _, c := range []struct{ does, octets, want string }{
		{"speaks TLS", "\x16\x03\x01\x02\x00", `CRQ-01  what begins so is no HTTP request (RFC 6455 §4.1)  "\x16\x03\x01\x02`},
		{"sends blank lines after it", "\x16\r\n\r\n", `CRQ-01  what begins so is no HTTP request (RFC 6455 §4.1)  "\x16`},
		{"never ends its head", "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 70_000), `CRQ-01  no end of the request within 65536 octets`},
	} {
		for _, piece := range []int{4, 4096} {
			t.Run(fmt.Sprintf("%s in %d", c.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				seen := events(w)
				newTalk(w, piece).device([]byte(c.octets))
				told := seen()
				if len(told) != 1 {
					t.Fatalf("events %v, want one", told)
				}
				if _, line, _ := strings.Cut(told[0].String(), "  "); !strings.HasPrefix(line, c.want) {
					t.Errorf("%s\nwant\n%s", line, c.want)
				}
				if got := metrics(t, w); !strings.Contains(got, `wsecho_handshakes_total{result="broken"} 1`) {
					t.Error("not counted as broken")
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

// What takes several connections to see.
func TestConnectionsOfADevice(t *testing.T) {
	for _, c := range []struct {
		does  string
		key   func(n int) string
		masks [][4]byte
		want  string
	}{
		{"draws its keys", func(n int) string { return newKey(rand.New(rand.NewPCG(uint64(n), 0))) }, nil, ""},
		{"has one key", func(int) string { return "1Jn4DIjLBHBJ6lmD5DLMyA==" }, nil, "CRQ-08"},
		{"has one row of masks", func(n int) string { return newKey(rand.New(rand.NewPCG(uint64(n), 0))) }, [][4]byte{{8, 1, 3, 9}, {2, 2, 4, 1}}, "MSK-07"},
	} {
		t.Run(c.does, func(t *testing.T) {
			w := witness.New(witness.Options{})
			for n := range 3 {
				talk, random := newTalk(w, 4096), rand.New(rand.NewPCG(uint64(n), 1))
				key := c.key(n)
				talk.device(request(key).Append(nil))
				talk.answer(handshake.NewResponse(key).Append(nil))
				for i := range 4 {
					if i < len(c.masks) {
						talk.device(keyed(c.masks[i], text, "hi"))
					} else {
						talk.device(masked(random, text, "hi"))
					}
				}
				_ = talk.server.Close()
			}
			if got := rowsOf(w); got != c.want {
				t.Errorf("%q named, want %q", got, c.want)
			}
		})
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
			if talk.socket.gone = c.gone; c.gone {
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

// What a device owes an answer to. It is named once none can be under way.
func TestAnswersDue(t *testing.T) {
	type step = func(*talk, *rand.Rand)
	says := func(h wire.Header, payload string) step {
		return func(c *talk, r *rand.Rand) { c.device(masked(r, h, payload)) }
	}
	hears := func(h wire.Header, payload string) step {
		return func(c *talk, _ *rand.Rand) { c.answer(plain(h, payload)) }
	}
	leaves := func(c *talk, _ *rand.Rand) {
		c.socket.said, c.socket.gone = nil, true
		_, _ = c.server.Read(make([]byte, 1))
	}
	waits := func(*talk, *rand.Rand) { time.Sleep(time.Second) }
	pong := wire.Header{Fin: true, Opcode: wire.Pong}
	bye := says(closing, "\x03\xe8")
	for _, c := range []struct {
		does  string
		steps []step
		want  string
	}{
		{"pongs", []step{hears(ping, "1"), says(pong, "1"), waits, bye}, ""},
		{"pongs the last of two", []step{hears(ping, "1"), hears(ping, "2"), waits, says(pong, "2"), bye}, ""},
		{"is behind with its pongs", []step{hears(ping, "1"), waits, hears(ping, "2"), says(pong, "1"), bye}, ""},
		{"pongs unasked", []step{says(pong, "x"), waits, hears(ping, "1"), says(pong, "1"), waits, bye}, ""},
		{"closes while a ping is under way", []step{hears(ping, "1"), bye}, ""},
		{"leaves without a word", []step{hears(ping, "1"), waits, leaves}, ""},
		{"never pongs", []step{hears(ping, "1"), waits, says(text, "hi"), bye}, "CTL-04"},
		{"never pongs the many", []step{hears(ping, "1"), waits, hears(ping, "2"), bye}, "CTL-04"},
		{"pongs once", []step{hears(ping, "1"), says(pong, "1"), hears(ping, "2"), waits, bye}, "CTL-04"},
		{"pongs something else", []step{hears(ping, "1"), says(pong, ""), waits, bye}, "CTL-05"},
		{"answers the close", []step{hears(closing, "\x03\xe8"), waits, bye, leaves}, ""},
		{"leaves as the close comes", []step{hears(closing, "\x03\xe8"), leaves}, ""},
		{"is cut within a frame", []step{hears(closing, "\x03\xe8"), waits, func(c *talk, r *rand.Rand) { c.device(masked(r, text, "hi")[:7]) }, leaves}, ""},
		{"never answers the close", []step{hears(closing, "\x03\xe8"), says(text, "hi"), waits, leaves}, "CLS-01"},
	} {
		t.Run(c.does, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(1, 2))
				talk := newTalk(w, 3)
				talk.open(random)
				for _, step := range c.steps {
					step(talk, random)
				}
				_ = talk.server.Close()
				if got := rowsOf(w); got != c.want {
					t.Errorf("%q named, want %q", got, c.want)
				}
			})
		})
	}
}
