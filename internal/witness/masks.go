package witness

import (
	"encoding/binary"
	"fmt"
	"slices"
)

const (
	lastMasks  = 8  // keys that a key is compared with
	near       = 16 // frames within which a second repetition is no chance
	firstMasks = 4  // keys of a connection that the next one is compared with
)

// masks judges the keys that a device masks its frames with: "The masking key
// needs to be unpredictable; thus, the masking key MUST be derived from a strong
// source of entropy" (RFC 6455 §5.3). What may be chance is not named: one key
// that comes again, or two steps that are alike.
type masks struct {
	n        int // keys so far, zeros aside
	last     [lastMasks]uint32
	repeated int // the key at which one came again, from 1
	step     uint32
	steps    int // how often the step was the same in a row
	first    [firstMasks]uint32
}

// next takes a frame's key and says what is wrong with it, "" for nothing. A key
// of zero is not taken: it is a rule of its own.
func (m *masks) next(key [4]byte) string {
	k := binary.BigEndian.Uint32(key[:])
	if m.n < firstMasks {
		m.first[m.n] = k
	}
	repeats := slices.Contains(m.last[:min(m.n, lastMasks)], k)
	counts := m.counts(k)
	m.last[m.n%lastMasks] = k
	m.n++
	switch {
	case repeats:
		before := m.repeated
		m.repeated = m.n
		if before > 0 && m.n-before <= near {
			return fmt.Sprintf("the mask key %08x again", k)
		}
	case counts:
		return fmt.Sprintf("the mask key %08x, which can be told from those before it", k)
	}
	return ""
}

// counts reports whether the key is the third in a row that is as far from the
// one before.
func (m *masks) counts(k uint32) bool {
	if m.n == 0 {
		return false
	}
	step := k - m.last[(m.n-1)%lastMasks]
	if m.n > 1 && step == m.step {
		m.steps++
	} else {
		m.steps = 0
	}
	m.step = step
	return m.steps >= 2
}

// predicted reports whether two different keys at the beginning stood at the
// same places in another connection.
func (m *masks) predicted(before []uint32) bool {
	same := map[uint32]bool{}
	for i := range min(m.n, len(before)) {
		if m.first[i] == before[i] {
			same[before[i]] = true
		}
	}
	return len(same) >= 2
}
