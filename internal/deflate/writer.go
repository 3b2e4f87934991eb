package deflate

import (
	"encoding/binary"
	"slices"
)

// writer appends bits to octets, the lowest bit first.
type writer struct {
	out    []byte
	buffer uint64
	bits   uint // of the buffer, below 8 between calls of put
}

// put writes the n lowest bits of v, at most 56.
func (w *writer) put(v uint64, n uint) {
	w.buffer |= v << w.bits
	w.bits += n
	whole := w.bits >> 3
	w.out = binary.LittleEndian.AppendUint64(w.out, w.buffer)
	w.out = w.out[:len(w.out)-8+int(whole)]
	w.buffer >>= whole << 3
	w.bits &= 7
}

// align goes to the next whole octet.
func (w *writer) align() {
	if w.bits > 0 {
		w.put(0, 8-w.bits)
	}
}

// stored writes a stored block of at most maxStored octets.
func (w *writer) stored(octets []byte, final bool) {
	w.head(blockStored, final)
	w.align()
	n := uint16(len(octets))
	w.out = binary.LittleEndian.AppendUint16(w.out, n)
	w.out = binary.LittleEndian.AppendUint16(w.out, ^n)
	w.out = append(w.out, octets...)
}

// head writes the head of a block.
func (w *writer) head(kind uint64, final bool) {
	if final {
		w.put(kind<<1|1, 3)
		return
	}
	w.put(kind<<1, 3)
}

// room makes room for n octets, and for what put writes beyond them.
func (w *writer) room(n int) { w.out = slices.Grow(w.out, n+16) }
