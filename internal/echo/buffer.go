package echo

import (
	"math/bits"
	"sync"
)

// Sizes in octets. Those of buffers are firstBuffer times a power of two.
const (
	firstBuffer = 4 << 10  // for a message's first octets
	aheadBuffer = 64 << 10 // for what is read ahead
	muchText    = 2 << 10  // that came of a text, and more is to be read ahead
	keptBuffer  = 32 << 20 // larger ones are not kept for the next message
)

type buffer struct{ octets []byte }

func (b *buffer) full() bool { return len(b.octets) == cap(b.octets) }

// room is where the next octets go.
func (b *buffer) room() []byte { return b.octets[len(b.octets):cap(b.octets)] }

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
	return &buffer{make([]byte, 0, firstBuffer<<class(n))}
}

// put takes b back. Nil is nothing to take.
func (p *bufferPool) put(b *buffer) {
	if b == nil || cap(b.octets) > keptBuffer || cap(b.octets) != firstBuffer<<class(cap(b.octets)) {
		return
	}
	b.octets = b.octets[:0]
	p.byClass[class(cap(b.octets))].Put(b)
}

// grown is a buffer of twice the size with the same octets, lent instead of b.
func (p *bufferPool) grown(b *buffer) *buffer {
	larger := p.get(2 * cap(b.octets))
	larger.octets = append(larger.octets, b.octets...)
	p.put(b)
	return larger
}
