package witness_test

import (
	"fmt"
	"math/rand/v2"
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
	far := strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2) + random(2000) + strings.Repeat("abcdefghijklmnopqrstuvwxyz", 2)
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
		{"does not compress", "permessage-deflate", []string{"\x07hello"}, "PMD-16"},
		{"has not agreed", "x", both(wide, "hello"), "FRM-14"},
	} {
		for _, piece := range []int{1, 4096} {
			t.Run(fmt.Sprintf("%s in %d", c.does, piece), func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(1, 2))
				key := newKey(random)
				talk := newTalk(w, piece)
				talk.device(request(key).Append(nil))
				answer := handshake.NewResponse(key)
				answer.Header = append(answer.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: c.agreed})
				talk.answer(answer.Append(nil))
				for _, payload := range c.payloads {
					talk.device(masked(random, wire.Header{RSV: marked.RSV, Opcode: marked.Opcode}, payload[:1]))
					talk.device(masked(random, ping, "between"))
					talk.device(masked(random, lastPart, payload[1:]))
				}
				if got := rowsOf(w); got != c.want {
					t.Errorf("%q named, want %q: %+v", got, c.want, w.Devices()[0].Violations)
				}
			})
		}
	}
}

// random is text without pattern.
func random(n int) string {
	r := rand.New(rand.NewPCG(9, 9))
	var b strings.Builder
	for range n {
		b.WriteByte(byte('A' + r.IntN(26)))
	}
	return b.String()
}
