package liar

import (
	"encoding/binary"
	"io"
	"math/bits"
	"math/rand/v2"
	"slices"

	"wsprobe/internal/wire"
)

// masking is what may be wrong with how masks are taken off: RFC 6455 §5.1, §5.3.
var masking = []lie{
	{"accepts frames without a mask", accepts(func(h *wire.Header) { h.Masked = true })},
	{"accepts messages without a mask", accepts(func(h *wire.Header) { h.Masked = h.Masked || !h.Opcode.IsControl() })},
	{"accepts control frames without a mask", accepts(func(h *wire.Header) { h.Masked = h.Masked || h.Opcode.IsControl() })},
	{"accepts empty frames without a mask", accepts(func(h *wire.Header) { h.Masked = h.Masked || h.Length == 0 })},
	{"unmasks whole words only", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, at int) {
			if h.Opcode.IsControl() {
				wire.Mask(b, h.Key, at)
				return
			}
			for i := range b {
				if uint64(at+i) < h.Length&^3 {
					b[i] ^= h.Key[(at+i)&3]
				}
			}
		}
	}},
	{"turns the key where it unmasks words", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, at int) {
			if !h.Opcode.IsControl() && len(b) >= len(h.Key) {
				slices.Reverse(h.Key[:])
			}
			wire.Mask(b, h.Key, at)
		}
	}},
	{"fails at an empty text", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Opcode == wire.Text && h.Length == 0 {
				return wire.ProtocolError
			}
			return p.lawful(h)
		}
	}},
	{"unmasks afresh at each read", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, _ int) { wire.Mask(b, h.Key, 0) }
	}},
	{"loses the first octet of a text of one", answers(func(m message) []frame {
		if len(m.octets) == 1 {
			m.octets = nil
		}
		return same(m)
	})},
	{"refuses a key of zeros", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Masked && h.Key == [4]byte{} {
				return wire.ProtocolError
			}
			return p.lawful(h)
		}
	}},
	{"takes a key of ones for none", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, at int) {
			if h.Key != [4]byte{0xff, 0xff, 0xff, 0xff} {
				wire.Mask(b, h.Key, at)
			}
		}
	}},
	{"stops at a NUL before it is unmasked", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, at int) {
			for i := range b {
				if b[i] == 0 && at+i < 4 {
					clear(b)
					return
				}
			}
			wire.Mask(b, h.Key, at)
		}
	}},
	{"unmasks fragments by the key of the first", func(p *peer) {
		var first [4]byte
		p.unmask = func(b []byte, h wire.Header, at int) {
			if h.Opcode != wire.Continuation {
				first = h.Key
			}
			if h.Opcode == wire.Continuation {
				h.Key = first
			}
			wire.Mask(b, h.Key, at)
		}
	}},
}

// unmasking is likewise what may be wrong with a client, which takes off none.
var unmasking = []lie{
	{"accepts masked frames", accepts(func(h *wire.Header) { h.Masked = false })},
	{"accepts masked messages", accepts(func(h *wire.Header) { h.Masked = h.Masked && h.Opcode.IsControl() })},
	{"accepts masked pings", accepts(func(h *wire.Header) { h.Masked = h.Masked && h.Opcode != wire.Ping })},
	{"accepts masked closes", accepts(func(h *wire.Header) { h.Masked = h.Masked && h.Opcode != wire.Close })},
	{"accepts frames masked by zeros", accepts(func(h *wire.Header) { h.Masked = h.Masked && h.Key != [4]byte{} })},
}

// keying is what may be wrong with the masks that a client puts on: RFC 6455
// §5.1, §5.3.
var keying = []lie{
	{"does not mask its frames", says(func(f *frame) { f.Masked = false })},
	{"does not mask its control frames", says(func(f *frame) { f.Masked = !f.Opcode.IsControl() })},
	{"does not mask empty frames", says(func(f *frame) { f.Masked = len(f.payload) > 0 })},
	{"masks by another key than it sends", says(func(f *frame) {
		f.payload = slices.Clone(f.payload)
		wire.Mask(f.payload, [4]byte{1, 2, 3, 4}, 0)
	})},
	{"masks the first four octets", says(func(f *frame) {
		if len(f.payload) > len(f.Key) {
			f.payload = slices.Clone(f.payload)
			wire.Mask(f.payload[len(f.Key):], f.Key, 0)
		}
	})},
	{"masks by zeros", masks(func() [4]byte { return [4]byte{} })},
	{"masks by one key", masks(func() [4]byte { return [4]byte{1, 2, 3, 4} })},
	{"masks by a counter", func(p *peer) {
		count := p.random.Uint32()
		p.mask = func() (key [4]byte) {
			count++
			binary.BigEndian.PutUint32(key[:], count)
			return key
		}
	}},
	{"masks by positive numbers", func(p *peer) {
		p.mask = func() (key [4]byte) {
			binary.BigEndian.PutUint32(key[:], uint32(p.random.Int32()))
			return key
		}
	}},
	{"masks all of a connection by one key", func(p *peer) {
		key := p.randomMask()
		p.mask = func() [4]byte { return key }
	}},
	{"begins its keys anew on each connection", func(p *peer) { p.random = rand.New(rand.NewPCG(0, 0)) }},
}

// masks is a lie about the keys of masks.
func masks(next func() [4]byte) func(*peer) {
	return func(p *peer) { p.mask = next }
}

// accepts is a lie about headers that should be refused: it changes what is
// judged, not what is read.
func accepts(mend func(*wire.Header)) func(*peer) {
	return func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			mend(&h)
			return p.lawful(h)
		}
	}
}

// lengths is what may be wrong with how lengths are read: RFC 6455 §5.2, §10.4.
var lengths = []lie{
	{"ignores the top bit of a length", hears(func(_ *peer, h *wire.Header) bool {
		if h.Length >= 1<<63 {
			h.Form, h.Length = wire.Shortest, h.Length&^(1<<63)
		}
		return true
	})},
	{"waits for whatever length", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Length > maxMessage {
				_, _ = io.Copy(io.Discard, p.in)
			}
			return p.lawful(h)
		}
	}},
	{"accepts lengths that are not minimal", accepts(func(h *wire.Header) { h.Form = wire.Shortest })},
	{"takes lengths that are not minimal for empty", hears(func(_ *peer, h *wire.Header) bool {
		if h.Form != wire.ShortestForm(h.Length) {
			h.Form, h.Length = wire.Form7, 0
		}
		return true
	})},
	{"accepts control frames with long lengths", accepts(func(h *wire.Header) {
		if h.Opcode.IsControl() {
			h.Form, h.Length = wire.Shortest, min(h.Length, wire.MaxControl)
		}
	})},
	{"reads lengths of 16 bits backwards", hears(func(_ *peer, h *wire.Header) bool {
		if h.Form == wire.Form16 {
			h.Form, h.Length = wire.Shortest, uint64(bits.ReverseBytes16(uint16(h.Length)))
		}
		return true
	})},
	{"reads 16 bits of each length", hears(func(_ *peer, h *wire.Header) bool {
		if h.Length >= 1<<16 {
			h.Length &= 1<<16 - 1
			h.Form = wire.Shortest
		}
		return true
	})},
	{"reads 32 bits of each length", hears(func(_ *peer, h *wire.Header) bool {
		if h.Length >= 1<<32 {
			h.Length &= 1<<32 - 1
			h.Form = wire.Shortest
		}
		return true
	})},
	{"answers a frame before it is whole", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if code := p.lawful(h); code != 0 || h.Opcode.IsControl() || h.Length < 1000 || h.Form != wire.Form16 && h.Length < maxMessage {
				return code
			}
			p.send(one(wire.Text, []byte("…"))...)
			return 0
		}
	}},
}
