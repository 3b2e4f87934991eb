package deflate

import (
	"encoding/binary"
	"math/bits"
)

// block is a block before it is encoded: its runs, and how often each symbol
// occurs.
type block struct {
	runs []run
	lit  [litSymbols]int32
	dist [distSymbols]int32

	header         header
	fixed, dynamic codes
}

// codes are those of a block. In a fixed one all symbols have one.
type codes struct {
	litLengths  [288]uint8
	distLengths [32]uint8
	lit         [288]codeword
	dist        [32]codeword
}

func (c *codes) assign() {
	assign(c.lit[:], c.litLengths[:])
	assign(c.dist[:], c.distLengths[:])
}

// run is some literals, which are the next octets of the text, and a match behind
// them; at the end of a block there is none, and its length is 0.
type run struct {
	literals, length, distance uint16
}

func (b *block) reset() {
	b.runs = b.runs[:0]
	clear(b.lit[:])
	clear(b.dist[:])
}

// add adds octets that nothing before them is like, and a match behind
// them, cut into as many as it takes.
func (b *block) add(literals []byte, length, distance int) {
	for _, c := range literals {
		b.lit[c]++
	}
	first := run{literals: uint16(len(literals))}
	if length == 0 {
		b.runs = append(b.runs, first)
		return
	}
	symbol := distanceSymbol(distance)
	for length > 0 {
		n := min(length, maxMatch)
		if rest := length - n; rest > 0 && rest < minMatch {
			n = length - minMatch
		}
		b.runs = append(b.runs, run{first.literals, uint16(n), uint16(distance)})
		b.lit[firstLength+int(lengthSymbols[n])]++
		b.dist[symbol]++
		first.literals = 0
		length -= n
	}
}

func (b *block) end() { b.lit[endOfBlock] = 1 }

// lengthSymbols has the symbol of each length, from firstLength.
var lengthSymbols = func() (symbols [maxMatch + 1]uint8) {
	for i, s := range lengthSpans {
		for n := int(s.base); n <= min(int(s.base)+1<<s.extra-1, maxMatch); n++ {
			symbols[n] = uint8(i)
		}
	}
	return symbols
}()

// distanceSymbol returns the symbol of a distance: two for each power of two.
func distanceSymbol(distance int) int {
	d := uint(distance - 1)
	if d < 4 {
		return int(d)
	}
	n := bits.Len(d)
	return 2*n - 2 + int(d>>(n-2)&1)
}

// write encodes the block, which stands for these octets.
func (b *block) write(w *writer, octets []byte, kind Kind, final bool) {
	codes, size := b.choose(kind)
	if kind == Best && 8*(len(octets)+5) < size+size>>4 { // so little gain is not worth the time of either end
		w.stored(octets, final)
		return
	}
	w.room(size>>3 + 1)
	if codes == &b.dynamic {
		w.head(blockDynamic, final)
		b.header.write(w)
		codes.assign()
	} else {
		w.head(blockFixed, final)
	}
	b.encode(w, codes, octets)
}

// dynamicWorth is the size in bits of a fixed block below which the codes of a
// dynamic one cost more than they save.
const dynamicWorth = 8 * 96

// choose returns the codes that make the block shorter, and its size in bits.
func (b *block) choose(kind Kind) (*codes, int) {
	if b.fixed.litLengths[0] == 0 {
		b.fixed.litLengths, b.fixed.distLengths = fixedLengths()
		b.fixed.assign()
	}
	fixed := 3 + b.bits(&b.fixed)
	if kind == Fixed || kind == Best && fixed < dynamicWorth {
		return &b.fixed, fixed
	}
	lit, dist := b.dynamic.litLengths[:litSymbols], b.dynamic.distLengths[:distSymbols]
	lengthsOf(lit, b.lit[:], maxLitBits)
	lengthsOf(dist, b.dist[:], maxCodeBits)
	b.header.plan(lit, dist)
	dynamic := 3 + b.header.bits() + b.bits(&b.dynamic)
	if kind == Best && fixed <= dynamic {
		return &b.fixed, fixed
	}
	return &b.dynamic, dynamic
}

// bits returns the size of the block with these codes, but for its head.
func (b *block) bits(c *codes) int {
	n := 0
	for symbol, f := range b.lit[:firstLength] {
		n += int(f) * int(c.litLengths[symbol])
	}
	for i, s := range lengthSpans {
		n += int(b.lit[firstLength+i]) * int(c.litLengths[firstLength+i]+s.extra)
	}
	for i, s := range distanceSpans {
		n += int(b.dist[i]) * int(c.distLengths[i]+s.extra)
	}
	return n
}

// maxLitBits bounds the codes of literals and lengths so that four of them, and
// the bits before them, fit a buffer of 64 bits.
const maxLitBits = 14

// encode writes the symbols of the block, which stands for these octets. There
// is room for them.
func (b *block) encode(w *writer, c *codes, octets []byte) {
	lit, dist := &c.lit, &c.dist
	out, n, buffer, have := w.out[:cap(w.out)], len(w.out), w.buffer, w.bits
	for _, r := range b.runs {
		literals := octets[:r.literals]
		octets = octets[int(r.literals)+int(r.length):]
		for ; len(literals) >= 4; literals = literals[4:] {
			w0, w1, w2, w3 := lit[literals[0]], lit[literals[1]], lit[literals[2]], lit[literals[3]]
			buffer |= uint64(w0.bits) << (have & 63)
			have += uint(w0.n)
			buffer |= uint64(w1.bits) << (have & 63)
			have += uint(w1.n)
			buffer |= uint64(w2.bits) << (have & 63)
			have += uint(w2.n)
			buffer |= uint64(w3.bits) << (have & 63)
			have += uint(w3.n)
			binary.LittleEndian.PutUint64(out[n:], buffer)
			n += int(have >> 3)
			buffer >>= have &^ 7 & 63
			have &= 7
		}
		for _, octet := range literals {
			word := lit[octet]
			buffer |= uint64(word.bits) << (have & 63)
			have += uint(word.n)
		}
		binary.LittleEndian.PutUint64(out[n:], buffer)
		n += int(have >> 3)
		buffer >>= have &^ 7 & 63
		have &= 7
		if r.length == 0 {
			break
		}
		symbol := lengthSymbols[r.length]
		word, s := lit[firstLength+uint(symbol)], lengthSpans[symbol]
		buffer |= (uint64(word.bits) | uint64(r.length-s.base)<<(word.n&63)) << (have & 63)
		have += uint(word.n + s.extra)
		symbol = uint8(distanceSymbol(int(r.distance)))
		word, s = dist[symbol&31], distanceSpans[symbol]
		buffer |= (uint64(word.bits) | uint64(r.distance-s.base)<<(word.n&63)) << (have & 63)
		have += uint(word.n + s.extra)
		binary.LittleEndian.PutUint64(out[n:], buffer)
		n += int(have >> 3)
		buffer >>= have &^ 7 & 63
		have &= 7
	}
	w.out, w.buffer, w.bits = out[:n], buffer, have
	word := lit[endOfBlock]
	w.put(uint64(word.bits), uint(word.n))
}
