package deflate

import (
	"math/bits"
	"slices"
)

// entry says what a code stands for: the code's length in bits 0–3, extra bits
// in 4–7, its kind in 8–11 and its value from bit 16.
type entry uint32

// The kinds of entries. The zero entry is of a code that does not exist.
const (
	isLiteral = 1
	isSpan    = 2 // a length or a distance
	isEnd     = 3
	isDeeper  = 4 // value is where the longer codes begin, extra how many more bits they have at most
)

func (e entry) kind() uint8  { return uint8(e>>8) & 15 }
func (e entry) extra() uint8 { return uint8(e>>4) & 15 }

// firstBits is how many bits of a code the first look-up takes.
const firstBits = 9

// table finds codes by their bits as they come: at first firstBits of them, and
// for longer codes as many again as it takes.
type table struct {
	built  bool
	first  [1 << firstBits]entry
	longer []entry
}

// find returns the entry of the code that the buffer begins with.
func (t *table) find(buffer uint64) entry {
	e := t.first[buffer&(1<<firstBits-1)]
	if e.kind() == isDeeper {
		e = t.longer[uint64(e>>16)+buffer>>firstBits&(1<<e.extra()-1)]
	}
	return e
}

// build builds the table of a canonical code (RFC 1951 §3.2.2) of which symbols
// from firstSpan stand for spans, the one before for the end of block, and those
// before for themselves. It reports false for lengths that make no code; a code
// of one symbol or none is one, as encoders make it for distances.
func (t *table) build(lengths []uint8, spans []span, firstSpan int) bool {
	var count, next [maxCodeBits + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, used := 0, 0
	for n := 1; n <= maxCodeBits; n++ {
		code = (code + count[n-1]) << 1
		next[n] = code
		used += count[n] << (maxCodeBits - n)
	}
	if used > 1<<maxCodeBits || used < 1<<maxCodeBits && used > 0 && !(used == 1<<(maxCodeBits-1) && count[1] == 1) {
		return false
	}
	t.built, t.longer = true, t.longer[:0]
	if used < 1<<maxCodeBits { // some codes do not exist
		clear(t.first[:])
	}
	longest := maxCodeBits
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	if longest > firstBits {
		t.deepen(longest, next)
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(n)
		switch {
		case symbol >= firstSpan && symbol-firstSpan >= len(spans):
			e = 0 // takes part in the code and must not occur
		case symbol >= firstSpan:
			s := spans[symbol-firstSpan]
			e |= entry(s.base)<<16 | isSpan<<8 | entry(s.extra)<<4
		case symbol == endOfBlock:
			e |= isEnd << 8
		default:
			e |= entry(symbol)<<16 | isLiteral<<8
		}
		t.put(e, bits.Reverse16(uint16(next[n]))>>(16-n), int(n))
		next[n]++
	}
	return true
}

// deepen makes room for the codes of more than firstBits bits: those from the
// first one on fill the end of the code space, so a place for every beginning
// from there will do.
func (t *table) deepen(longest int, next [maxCodeBits + 2]int) {
	more := longest - firstBits
	for beginning := next[firstBits+1] >> 1; beginning < 1<<firstBits; beginning++ {
		at := len(t.longer)
		t.longer = slices.Grow(t.longer, 1<<more)[:at+1<<more] // the code fills it
		i := bits.Reverse16(uint16(beginning)) >> (16 - firstBits)
		t.first[i] = entry(at)<<16 | isDeeper<<8 | entry(more)<<4
	}
}

// put enters a code of n bits, the first bit lowest, wherever it is a beginning.
func (t *table) put(e entry, code uint16, n int) {
	if n <= firstBits {
		for i := int(code); i < 1<<firstBits; i += 1 << n {
			t.first[i] = e
		}
		return
	}
	deeper := t.first[code&(1<<firstBits-1)]
	at, size := int(deeper>>16), 1<<deeper.extra()
	for i := int(code >> firstBits); i < size; i += 1 << (n - firstBits) {
		t.longer[at+i] = e
	}
}
