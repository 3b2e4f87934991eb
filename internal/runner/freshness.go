package runner

import (
	"encoding/binary"
	"fmt"
)

// freshness looks for what random masking keys do not show: "The masking key
// needs to be unpredictable" (RFC 6455 §5.3). It finds weaknesses, never
// randomness. With random keys a run of any length is blamed with a
// probability below 1 in 1000: 1 in 8000 for a repetition among the first
// maxKeys (n²/2³³), 1 in 2³¹ for three keys a step apart, for each key of the
// first maxKeys, and 1 in 2³³ or so for two keys of zeros among those.
type freshness struct {
	seen  map[[4]byte]bool
	last  [2]uint32
	zeros int
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
	f.seen[key] = true
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
	}
	return "", ""
}
