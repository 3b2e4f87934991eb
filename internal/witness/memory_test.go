package witness_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"wsprobe/internal/witness"
)

// A connection costs little once its opening handshake is done, however much it
// has said and broken.
func TestIdleConnectionsAreSmall(t *testing.T) {
	const connections, most = 1000, 2 << 10
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(1, 1))
	long := masked(random, text, strings.Repeat("x", 100_000))
	talks := make([]*talk, connections)
	before := heap()
	for i := range talks {
		c := newTalk(w, 64<<10)
		key := newKey(random)
		c.device(append(request(key).Append(nil), strings.Repeat("early", 100)...))
		c.answer([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		c.device([]byte("\r\n\r\n"))
		c.open(random)
		c.device(long)
		c.device(plain(text, "hi"))
		c.answer(plain(text, "hi"))
		c.socket.said = nil
		talks[i] = c
	}
	if each := (heap() - before) / connections; each > most {
		t.Errorf("%d octets each, want at most %d", each, most)
	}
	runtime.KeepAlive(talks)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
