package runner

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// freshness looks for what random masking keys do not show: "The masking key
// needs to be unpredictable" (RFC 6455 §5.3). It finds weaknesses, never
// randomness. With random keys a run of any length is blamed with a
// probability below 1 in 1000: 1 in 8000 for a repetition among the first
// maxKeys (n²/2³³), 1 in 2³¹ for three keys a step apart, for each key of the
// first maxKeys, 1 in 2³³ or so for two keys of zeros among those, and 1 in 2⁴²
// for a bit that is stuck.
type freshness struct {
	seen  map[[4]byte]bool
	last  [2]uint32
	zeros int
	drawn stuck
	n     int
}

// maxKeys is how many masking keys are looked at.
const maxKeys = 1000

// add looks at one more key and returns the row that it breaks, and how.
func (f *freshness) add(key [4]byte) (row, weakness string) {
	if f.n++; f.n > maxKeys {
		return "", ""
	}
	if f.seen == nil {
		f.seen = map[[4]byte]bool{}
	}
	value, again := binary.BigEndian.Uint32(key[:]), f.seen[key]
	step := f.n > 2 && value-f.last[1] == f.last[1]-f.last[0]
	same := 0
	f.seen[key] = true
	if !again {
		same = f.drawn.add(key[:])
	}
	f.last = [2]uint32{f.last[1], value}
	if value == 0 {
		f.zeros++
	}
	switch {
	case value == 0 && f.zeros > 1:
		return "MSK-08", fmt.Sprintf("the masking key is 0 again, %d times in %d (RFC 6455 §5.3)", f.zeros, f.n)
	case again:
		return "MSK-06", fmt.Sprintf("the masking key %x has been used before (RFC 6455 §5.3)", key)
	case step:
		return "MSK-06", fmt.Sprintf("the masking key %x is one step further, as the one before it was (RFC 6455 §5.3)", key)
	case same > 0:
		return "MSK-06", fmt.Sprintf("%d bits are the same in %d masking keys, the last of them %x (RFC 6455 §5.3)", same, enough, key)
	}
	return "", ""
}

// stuck looks for bits that are the same in all of the first keys, be these masking
// keys or those of handshakes: a counter, a text, a random number of 15 bits.
type stuck struct {
	ones, zeros []byte // bits that were so in all keys
	n           int
}

// enough is the number of different keys after which stuck says what it has found:
// a bit is the same in so many random ones with a probability of 1 in 2⁴⁷, one of the
// 128 of a nonce in 2⁴⁰.
const enough = 48

// add takes one more key, and returns how many bits are stuck, once.
func (s *stuck) add(key []byte) (found int) {
	if s.n++; s.n > enough {
		return 0
	}
	if s.n == 1 {
		s.ones, s.zeros = bytes.Repeat([]byte{0xff}, len(key)), bytes.Repeat([]byte{0xff}, len(key))
	}
	for i, octet := range key {
		s.ones[i] &= octet
		s.zeros[i] &^= octet
		found += bits.OnesCount8(s.ones[i] | s.zeros[i])
	}
	if s.n < enough {
		return 0
	}
	return found
}
