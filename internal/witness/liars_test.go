package witness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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
	{does: "has the other sample key", request: set("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA=="), want: "CRQ-08",
		line: `CRQ-08  the key AQIDBAUGBwgJCgsMDQ4PEA== is RFC 6455's other sample (RFC 6455 §4.1)  "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA=="`},
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

// Each liar is caught at exactly what it does, however its octets come, and the
// clause that says so can be read.
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
					if e.Violation.Link() == "" {
						t.Errorf("%s cannot be read anywhere", e.Violation.Clause)
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
