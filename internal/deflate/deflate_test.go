package deflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// texts are messages of all sorts.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 200_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	few := make([]byte, 100_000) // a skewed alphabet: codes of many lengths
	for i := range few {
		few[i] = byte(r.ExpFloat64() * 12)
	}
	words := strings.Fields("the quick brown fox jumps over a lazy dog while seventeen frames await their answer")
	var prose []byte
	for len(prose) < 150_000 {
		prose = append(append(prose, words[r.IntN(len(words))]...), ' ')
	}
	return map[string][]byte{
		"empty": nil, "one": {'x'}, "hello": []byte("Hello"), "zeros": make([]byte, 300_000), "random": random,
		"few": few, "prose": prose, "rows": bytes.Repeat([]byte("0123456789abcdef\r\n"), 9000), "a kilobyte": random[:1024],
	}
}

func eachParams(t *testing.T, test func(t *testing.T, p Params)) {
	for bits := MinWindow; bits <= MaxWindow; bits++ {
		for _, takeover := range []bool{false, true} {
			t.Run(fmt.Sprintf("window=%d/takeover=%v", bits, takeover), func(t *testing.T) {
				test(t, Params{bits, takeover})
			})
		}
	}
}

// stdlib is an endpoint on compress/flate.
type stdlib struct {
	takeover bool
	past     []byte
}

// inflate adds the tail (RFC 7692 §7.2.2), and a final block for an end of file.
func (s *stdlib) inflate(payload []byte) ([]byte, error) {
	in := io.MultiReader(bytes.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
	r := flate.NewReaderDict(in, s.past)
	out, err := io.ReadAll(r)
	if s.takeover {
		s.past = append(s.past, out...)
		s.past = s.past[max(0, len(s.past)-1<<15):]
	}
	return out, err
}

func TestRoundTrip(t *testing.T) {
	eachParams(t, func(t *testing.T, p Params) {
		c, i, s := NewCompressor(p), NewInflater(p), stdlib{takeover: p.Takeover}
		for round := range 2 {
			for name, text := range texts() {
				payload := c.Append([]byte("kept"), text)
				if !bytes.HasPrefix(payload, []byte("kept")) {
					t.Fatalf("%s: %q", name, payload[:4])
				}
				payload = payload[4:]
				got, err := i.Append([]byte("kept"), payload, len(text))
				if err != nil || !bytes.Equal(got[4:], text) {
					t.Fatalf("round %d, %s: %d octets of %d, %v", round, name, len(got)-4, len(text), err)
				}
				if got, err := s.inflate(payload); err != nil || !bytes.Equal(got, text) {
					t.Fatalf("round %d, %s: compress/flate has %d octets of %d, %v", round, name, len(got), len(text), err)
				}
				if reach := i.Reach(); reach.Distance > 1<<p.Window || reach.Before > 0 && !p.Takeover {
					t.Errorf("%s: %+v", name, reach)
				}
			}
		}
	})
}
