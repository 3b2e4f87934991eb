package echo

import (
	"math/bits"
	"sync"
)

// Sizes in octets. Those of buffers are firstBuffer times a power of two.
const (
	firstBuffer = 4 << 10  // for a message's first octets
	aheadBuffer = 64 << 10 // at most, before anything of a message has come
	keptBuffer  = 32 << 20 // larger ones are not kept for the next message
)

// A buffer holds octets, and has room before them for a frame's header.
type buffer struct {
	octets []byte // in whole, behind that room
	whole  []byte
}

func newBuffer(size int) *buffer {
	whole := make([]byte, maxHeader+size)
	return &buffer{octets: whole[maxHeader:maxHeader], whole: whole}
}

func (b *buffer) full() bool { return len(b.octets) == cap(b.octets) }

// room is where the next octets go.
func (b *buffer) room() []byte { return b.octets[len(b.octets):cap(b.octets)] }

// frame is a frame with the octets as its payload, unmasked.
func (b *buffer) frame(first byte) []byte {
	var buffer [maxHeader]byte
	header := appendHeader(buffer[:0], first, len(b.octets))
	begin := maxHeader - len(header)
	copy(b.whole[begin:], header)
	return b.whole[begin : maxHeader+len(b.octets)]
}

// A bufferPool lends buffers, so that a quiet connection holds none. What is
// not lent is left to the garbage collector after a while.
type bufferPool struct{ byClass [16]sync.Pool }

// class is the power of two by which a buffer for n octets exceeds firstBuffer.
func class(n int) int { return bits.Len(uint(max(n, 1)-1) / firstBuffer) }

// get lends an empty buffer for n octets.
func (p *bufferPool) get(n int) *buffer {
	if n <= keptBuffer {
		if b, ok := p.byClass[class(n)].Get().(*buffer); ok {
			return b
		}
	}
	return newBuffer(firstBuffer << class(n))
}

// with lends a buffer that holds a copy of octets.
func (p *bufferPool) with(octets []byte) *buffer {
	b := p.get(len(octets))
	b.octets = append(b.octets, octets...)
	return b
}

// put takes b back. Nil is nothing to take.
func (p *bufferPool) put(b *buffer) {
	if b == nil || cap(b.octets) > keptBuffer {
		return
	}
	b.octets = b.whole[maxHeader:maxHeader]
	p.byClass[class(cap(b.octets))].Put(b)
}

// grown is a buffer of twice the size with the same octets, lent instead of b.
func (p *bufferPool) grown(b *buffer) *buffer {
	larger := p.get(2 * cap(b.octets))
	larger.octets = append(larger.octets, b.octets...)
	p.put(b)
	return larger
}
