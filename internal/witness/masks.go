package witness

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

const (
	lastMasks  = 8  // keys that a key is compared with
	near       = 16 // frames within which a second repetition is no chance
	firstMasks = 4  // keys of a connection that the next one is compared with
	fewMasks   = 2  // keys that are too few to tell by themselves that they are one
)

// masks judges the keys that a device masks its frames with: "The masking key
// needs to be unpredictable; thus, the masking key MUST be derived from a strong
// source of entropy" (RFC 6455 §5.3). What may be chance is not named: one key
// that comes again, or two steps that are alike.
type masks struct {
	n        int // keys so far, zeros aside
	last     [lastMasks]uint32
	repeated int // the key at which one came again, from 1
	big      progression
	little   progression // of the same, in the other order of octets
	changed  bool        // there were two that differ
	first    [firstMasks]uint32
	foretold bool // they are those of the connection before, which was said
}

// next takes a frame's key and says what is wrong with it, "" for nothing. A key
// of zero is not taken: it is a rule of its own.
func (m *masks) next(key [4]byte) string {
	k := binary.BigEndian.Uint32(key[:])
	if m.n < firstMasks {
		m.first[m.n] = k
	}
	repeats := slices.Contains(m.last[:min(m.n, lastMasks)], k)
	m.changed = m.changed || m.n > 0 && k != m.last[(m.n-1)%lastMasks]
	big, little := m.big.foretells(k), m.little.foretells(bits.ReverseBytes32(k))
	m.last[m.n%lastMasks] = k
	m.n++
	switch {
	case repeats:
		before := m.repeated
		m.repeated = m.n
		if before > 0 && m.n-before <= near {
			return fmt.Sprintf("the mask key %08x again", k)
		}
	case big, little:
		return fmt.Sprintf("the mask key %08x, which can be told from those before it", k)
	}
	return ""
}

// A run is of connections that had but one key, all the same: how often it came. Of
// keys that are drawn three in a row are one in 2⁶⁴ times.
type run struct {
	key   uint32
	times int
}

// after is the run when a connection has ended.
func (r run) after(m *masks) run {
	switch {
	case m.n == 0:
		return r
	case m.changed:
		return run{}
	case m.first[0] == r.key:
		return run{r.key, r.times + m.n}
	}
	return run{m.first[0], m.n}
}

// again says what is wrong with the latest key of a connection that has had few, ""
// for nothing.
func (r run) again(m *masks) string {
	if m.n > fewMasks || r.after(m).times < 3 {
		return ""
	}
	return fmt.Sprintf("the mask key %08x again, from an earlier connection", r.key)
}

// A progression is how keys follow one another, as numbers.
type progression struct {
	n          int // keys so far
	last       uint32
	step       uint32 // to it
	before     uint32 // the step before that
	steps      int    // how often the step was the same in a row
	multiplied int    // how often it was the one before times the same factor
}

// foretells takes the next key, and reports whether those before have told it: it
// counts on, with the third step in a row that is the same, or is the next of a
// linear congruential generator, whose steps are multiplied with one factor, the
// second time in a row.
func (p *progression) foretells(key uint32) bool {
	step := key - p.last
	p.steps++
	if p.n < 2 || step != p.step {
		p.steps = 0
	}
	p.multiplied++
	if p.n < 3 || p.before == 0 || step*p.before != p.step*p.step {
		p.multiplied = 0
	}
	p.n++
	p.last, p.step, p.before = key, step, p.step
	return p.steps >= 2 || p.multiplied >= 2
}

// predicted reports, once, that two different keys at the beginning stood at the
// same places in another connection.
func (m *masks) predicted(before []uint32) bool {
	if m.foretold {
		return false
	}
	same := map[uint32]bool{}
	for i := range min(m.n, len(before)) {
		if m.first[i] == before[i] {
			same[before[i]] = true
		}
	}
	m.foretold = len(same) >= 2
	return m.foretold
}
