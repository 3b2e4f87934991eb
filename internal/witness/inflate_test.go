package witness_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// Compressed messages are looked into as agreed.
func TestCompressed(t *testing.T) {
	marked := wire.Header{Fin: true, RSV: 4, Opcode: wire.Text}
	both := func(p deflate.Params, messages ...string) (payloads []string) {
		c := deflate.NewCompressor(p)
		for _, m := range messages {
			payloads = append(payloads, string(c.Append(nil, []byte(m))))
		}
		return payloads
	}
	wide := deflate.Params{Window: 15, Takeover: true}
	far := strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2) + noise(2000) + strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2)
	for _, c := range []struct {
		does, agreed string
		payloads     []string
		want         string
	}{
		{"is right", "permessage-deflate", both(wide, "größe", "größe", strings.Repeat("x", 1000)), ""},
		{"is right without takeover", "permessage-deflate; client_no_context_takeover", both(deflate.Params{Window: 15}, "größe", "größe"), ""},
		{"sends more than is looked into", "permessage-deflate", both(wide, strings.Repeat("x", 2<<20), "xxxx\xff"), ""},
		{"sends Latin-1", "permessage-deflate", both(wide, "ok", "gr\xfc\xdfe"), "UTF-07"},
		{"takes over", "permessage-deflate; client_no_context_takeover", both(wide, "hello hello", "hello hello"), "PMD-10"},
		{"leaves the window", "permessage-deflate; client_max_window_bits=8", both(wide, far), "PMD-13"},
		{"ends within a block", "permessage-deflate", []string{"\xf2\x48"}, "PMD-20"},
		{"leaves the tail on", "permessage-deflate", []string{"\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff"}, "PMD-20"},
		{"ends in a final block", "permessage-deflate", []string{"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", "\xf3\x48\xcd\xc9\xc9\x07\x00"}, ""},
		{"ends within a character", "permessage-deflate", both(wide, "ok", "gr\xc3"), "UTF-07"},
		{"sends bad text twice", "permessage-deflate; client_no_context_takeover", both(deflate.Params{Window: 15}, "gr\xfc\xdfe", "gr\xfc\xdfe"), "UTF-07"},
		{"does not compress", "permessage-deflate", []string{"\x07hello"}, "PMD-16"},
		{"has not agreed", "x", both(wide, "hello"), "FRM-14"},
	} {
		for _, piece := range []int{1, 4096} {
			t.Run(fmt.Sprintf("%s in %d", c.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(1, 2))
				talk := compressing(w, piece, random, c.agreed)
				for _, payload := range c.payloads {
					talk.device(masked(random, wire.Header{RSV: marked.RSV, Opcode: marked.Opcode}, payload[:1]))
					talk.device(masked(random, ping, "between"))
					talk.device(masked(random, lastPart, payload[1:]))
				}
				if got := rowsOf(w); got != c.want {
					t.Errorf("%q named, want %q: %+v", got, c.want, w.Devices()[0].Violations)
				}
				if _, code, why := witness.Objection(talk.server); c.want != "" && c.want != "FRM-14" && (code != 1007 || !strings.HasPrefix(why, c.want)) {
					t.Errorf("objected to with %d %s", code, why)
				}
			})
		}
	}
}

// compressing is a talk for which that extension is agreed on.
func compressing(w *witness.Witness, piece int, random *rand.Rand, agreed string) *talk {
	key := newKey(random)
	talk := newTalk(w, piece)
	talk.device(request(key).Append(nil))
	answer := handshake.NewResponse(key)
	answer.Header = append(answer.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: agreed})
	talk.answer(answer.Append(nil))
	return talk
}

// noise is text without pattern.
func noise(n int) string {
	r := rand.New(rand.NewPCG(9, 9))
	var b strings.Builder
	for range n {
		b.WriteByte(byte('A' + r.IntN(26)))
	}
	return b.String()
}

// RSV1 stands on the first frame of a compressed message, and nowhere else.
func TestMarks(t *testing.T) {
	const hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"
	rsv := func(bits uint8, h wire.Header) wire.Header { h.RSV = bits; return h }
	for _, c := range []struct {
		does   string
		frames func(r *rand.Rand) [][]byte
		want   string
	}{
		{"is right", func(r *rand.Rand) [][]byte {
			return [][]byte{masked(r, text, "plain"), masked(r, rsv(4, text), hello), masked(r, rsv(4, textPart), hello[:2]), masked(r, ping, ""), masked(r, part, ""), masked(r, lastPart, hello[2:]), masked(r, rsv(4, binary), "\x00")}
		}, ""},
		{"marks a continuation", func(r *rand.Rand) [][]byte {
			return [][]byte{masked(r, rsv(4, textPart), hello[:2]), masked(r, rsv(4, lastPart), hello[2:])}
		}, "FRM-14"},
		{"marks only a continuation", func(r *rand.Rand) [][]byte {
			return [][]byte{masked(r, textPart, "a"), masked(r, rsv(4, lastPart), "b")}
		}, "FRM-14"},
		{"marks a ping", lawful(rsv(4, ping), ""), "FRM-14"},
		{"marks its close", lawful(rsv(4, closing), "\x03\xe8"), "FRM-14"},
		{"sets RSV2, too", lawful(rsv(6, text), hello), "FRM-14"},
		{"sets RSV3", lawful(rsv(1, text), "Hello"), "FRM-14"},
	} {
		for _, piece := range []int{1, 4096} {
			t.Run(fmt.Sprintf("%s in %d", c.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(1, 2))
				talk := compressing(w, piece, random, "permessage-deflate")
				for _, frame := range c.frames(random) {
					talk.device(frame)
				}
				if got := rowsOf(w); got != c.want {
					t.Errorf("%q named, want %q: %+v", got, c.want, w.Devices()[0].Violations)
				}
			})
		}
	}
}

// What is too long to be looked into is counted, and so is what refers to it.
func TestUnjudged(t *testing.T) {
	for agreed, want := range map[string]string{"permessage-deflate": "2", "permessage-deflate; client_no_context_takeover": "1"} {
		w := witness.New(witness.Options{})
		random := rand.New(rand.NewPCG(1, 2))
		talk := compressing(w, 4096, random, agreed)
		c := deflate.NewCompressor(deflate.Params{Window: 15, Takeover: !strings.Contains(agreed, "no")})
		for _, message := range []string{"Hello", strings.Repeat("x", 64<<20), "Hello"} {
			talk.device(masked(random, wire.Header{Fin: true, RSV: 4, Opcode: wire.Text}, string(c.Append(nil, []byte(message)))))
		}
		if got := metrics(t, w); !strings.Contains(got, "wsecho_unjudged_messages_total "+want+"\n") {
			t.Errorf("%s: want %s messages that are not judged:\n%s", agreed, want, got)
		}
	}
}

// A connection that compresses costs its window, and not what was in a message.
func TestCompressingConnectionsAreSmall(t *testing.T) {
	const connections, most = 100, 64<<10 + 16<<10
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(1, 1))
	c := deflate.NewCompressor(deflate.Params{Window: 15})
	long := masked(random, wire.Header{Fin: true, RSV: 4, Opcode: wire.Text}, string(c.Append(nil, []byte(noise(80_000)))))
	talks := make([]*talk, connections)
	before := heap()
	for i := range talks {
		talks[i] = compressing(w, 64<<10, random, "permessage-deflate")
		talks[i].device(long)
		talks[i].device(long)
		talks[i].socket.said = nil
	}
	if each := (heap() - before) / connections; each > most {
		t.Errorf("%d octets each, want at most %d", each, most)
	}
	runtime.KeepAlive(talks)
}
