package deflate

import (
	"encoding/binary"
	"math/bits"
)

// Compressor compresses the messages of one direction of a connection. It holds
// at most 300 KiB, and the longest message.
type Compressor struct {
	takeover bool
	window   int

	text  []byte // what has been compressed, as far as it may be referred to, and the message
	base  uint16 // octets before text
	heads []uint16
	block block
}

// Blocks says how the DEFLATE blocks of a message are made. The zero value
// makes them as small as they get.
type Blocks struct {
	Kind   Kind
	Final  bool // the last one has BFINAL (RFC 7692 §7.2.3.4)
	Octets int  // of the message a block; 0, and at most, 65535
	Flush  bool // an empty stored block after each, as a sync flush makes it
}

// Kind is how a block is encoded.
type Kind uint8

// The kinds of blocks. Best is whichever is shortest.
const (
	Best Kind = iota
	Stored
	Fixed
	Dynamic
)

const (
	blockOctets = maxStored // of a message a block, at most: so that any can be stored
	hashBits    = 14
	matchLeast  = 4 // shorter matches save next to nothing
	roomFor     = 4 // of text, in windows
)

// NewCompressor returns a Compressor with an empty window. It panics if
// p.Window is out of bounds.
func NewCompressor(p Params) *Compressor {
	return &Compressor{takeover: p.Takeover, window: p.window(), heads: make([]uint16, 1<<hashBits)}
}

// Reset makes the Compressor as good as new: what it makes of a message depends on
// nothing that came before.
func (c *Compressor) Reset() {
	c.text, c.base = c.text[:0], 0
	clear(c.heads)
}

// Append compresses a message and appends its payload to dst, without the tail
// of RFC 7692 §7.2.1.
func (c *Compressor) Append(dst, message []byte) []byte {
	return c.AppendBlocks(dst, message, Blocks{})
}

// AppendBlocks does the same with blocks of the caller's choice.
func (c *Compressor) AppendBlocks(dst, message []byte, b Blocks) []byte {
	size := b.Octets
	if size <= 0 || size > blockOctets {
		size = blockOctets
	}
	w := writer{out: dst}
	at := c.extend(message)
	first := at // what a match may refer to begins here
	if c.takeover {
		first = 0
	}
	for begun := false; at < len(c.text) || b.Final && !begun; begun = true {
		end := min(at+size, len(c.text))
		last := end == len(c.text)
		if b.Kind == Stored {
			w.stored(c.text[at:end], b.Final && last)
			c.index(at, end)
		} else {
			c.match(first, at, end)
			c.block.write(&w, c.text[at:end], b.Kind, b.Final && last)
		}
		if b.Flush && !last {
			w.stored(nil, false)
		}
		at = end
	}
	// An empty stored block ends the message; of it only the three bits of its
	// head stay, padded. Alone they are the 0x00 of RFC 7692 §7.2.3.6.
	if b.Final {
		w.align()
	}
	w.put(blockStored<<1, 3)
	w.align()
	return w.out
}

// extend puts the message into the text and returns where it begins. What lies
// beyond the window makes room.
func (c *Compressor) extend(message []byte) int {
	keep := 0
	if c.takeover {
		keep = min(len(c.text), c.window)
	}
	if len(c.text)+len(message) > max(roomFor*c.window, cap(c.text)) {
		c.base += uint16(len(c.text) - keep)
		c.text = c.text[:copy(c.text, c.text[len(c.text)-keep:])]
	}
	at := len(c.text)
	c.text = append(c.text, message...)
	return at
}

// match finds what of text[at:end] came before, from first on, and fills the
// block with it. Heads tell where four octets with a hash were last seen, by the
// lower half of its place: more than a window back may be anywhere, and whether
// they are there is looked at in any case.
func (c *Compressor) match(first, at, end int) {
	b, text, heads := &c.block, c.text[:end], (*[1 << hashBits]uint16)(c.heads)
	b.reset()
	literals := at
	for at+4 <= end {
		quad := binary.LittleEndian.Uint32(text[at:])
		head := &heads[hash(quad)]
		place := c.base + uint16(at)
		distance := int(place-*head-1) + 1
		*head = place
		from := at - distance
		if from < first || distance > c.window || binary.LittleEndian.Uint32(text[from:]) != quad {
			at += 1 + (at-literals)>>5 // hurry through what does not repeat
			continue
		}
		for at > literals && from > first && text[at-1] == text[from-1] {
			at, from = at-1, from-1
		}
		length := matchLeast + common(text[at+matchLeast:], text[from+matchLeast:])
		b.add(text[literals:at], length, distance)
		at += length
		literals = at
		if at+4 <= end { // where it ends is where the next one often begins
			heads[hash(binary.LittleEndian.Uint32(text[at-2:]))] = c.base + uint16(at-2)
		}
	}
	b.add(text[literals:], 0, 0)
	b.end()
}

// index remembers where the quads of text[at:end] are, for matches to come.
func (c *Compressor) index(at, end int) {
	for ; at+4 <= end; at++ {
		c.heads[hash(binary.LittleEndian.Uint32(c.text[at:]))] = c.base + uint16(at)
	}
}

func hash(quad uint32) uint32 { return quad * 0x9e3779b1 >> (32 - hashBits) }

// common returns how many octets a, which ends first, and b begin with alike.
func common(a, b []byte) int {
	n := 0
	for len(a)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return n
}
