package witness_test

import (
	"math/rand/v2"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/witness"
)

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
