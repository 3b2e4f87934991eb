package liar

import (
	"slices"

	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// deflating is what peers that compress may do wrong with what they send: RFC
// 7692 §6, §7.2.1.
var deflating = []lie{
	{"leaves the tail of messages on", compresses(func(d *deflater) {
		d.pack = func(message []byte) []byte { return append(d.out.Append(nil, message), "\x00\x00\xff\xff"...) }
	})},
	{"sets RSV1 on each fragment", compresses(func(d *deflater) {
		d.frames = func(op wire.Opcode, payload []byte) []frame {
			frames := cut(message{opcode: op, octets: payload})
			frames[0].RSV, frames[1].RSV = 4, 4
			return frames
		}
	})},
	{"sets RSV1 on the last fragment", compresses(func(d *deflater) {
		d.frames = func(op wire.Opcode, payload []byte) []frame {
			frames := cut(message{opcode: op, octets: payload})
			frames[1].RSV = 4
			return frames
		}
	})},
	{"sets RSV1 on pongs", compresses(func(d *deflater) {
		d.p.pong = func(payload []byte) []frame { return marked(wire.Pong, payload) }
	})},
	{"sets RSV1 on what it does not compress", compresses(func(d *deflater) {
		d.plain = func(m message) []frame { return marked(m.opcode, m.octets) }
	})},
	{"compresses in a window of 15 bits", compresses(func(d *deflater) {
		d.keeps = func(p *deflate.Params) { p.Window = deflate.MaxWindow }
	})},
	{"compresses in twice the window", compresses(func(d *deflater) {
		d.keeps = func(p *deflate.Params) { p.Window = min(p.Window+1, deflate.MaxWindow) }
	})},
	{"remembers what it is to forget", compresses(func(d *deflater) {
		d.keeps = func(p *deflate.Params) { p.Takeover = true }
	})},
}

// lawfulCompressing is what peers that compress may do.
var lawfulCompressing = []lie{
	{"compresses", compresses(func(*deflater) {})},
	{"agrees to compress and never does", compresses(func(d *deflater) {
		d.frames = func(op wire.Opcode, payload []byte) []frame {
			message, _ := deflate.NewInflater(deflate.Params{Window: deflate.MaxWindow}).Append(nil, payload, maxMessage)
			return one(op, message)
		}
		d.keeps = forgetful
	})},
	{"compresses in fragments", compresses(func(d *deflater) {
		d.frames = func(op wire.Opcode, payload []byte) []frame {
			frames := cut(message{opcode: op, octets: payload})
			frames[0].RSV = 4
			return slices.Insert(frames, 1, one(wire.Ping, []byte("between"))...)
		}
	})},
	{"compresses in final blocks", packs(deflate.Blocks{Final: true})},
	{"compresses in stored blocks", packs(deflate.Blocks{Kind: deflate.Stored})},
	{"compresses in many blocks", packs(deflate.Blocks{Octets: 100, Flush: true})},
	{"compresses what was not compressed", compressesAll(func(*deflater) {})},
	{"compresses with a window of 8 bits of its own", compresses(func(d *deflater) {
		d.keeps = func(p *deflate.Params) { p.Window = deflate.MinWindow }
	})},
	{"answers what is long last", compresses(answersLongLast)},
}

// answersLongLast is of peers that compress beside their reading: pongs overtake
// the answer to a long message, and "An endpoint MAY delay sending a Close frame
// until its current message is sent" (RFC 6455 §5.5.1).
func answersLongLast(d *deflater) {
	var late []frame
	pack, right := d.pack, d.p.answer
	d.pack = func(message []byte) []byte {
		if len(message) < fatal {
			return pack(message)
		}
		late = append(late, marked(d.p.message.opcode, pack(message))...)
		return nil
	}
	d.frames = func(op wire.Opcode, payload []byte) []frame {
		if payload == nil {
			return nil
		}
		return marked(op, payload)
	}
	d.p.answer = func(payload []byte) []frame { return append(late, right(payload)...) }
}

// compressesAll is a peer that compresses its answers to whatever comes.
func compressesAll(tell func(*deflater)) func(*peer) {
	return compresses(func(d *deflater) {
		d.plain = func(m message) []frame { return d.frames(m.opcode, d.pack(m.octets)) }
		tell(d)
	})
}

// packs is a peer whose messages are in such blocks.
func packs(b deflate.Blocks) func(*peer) {
	return compresses(func(d *deflater) {
		d.pack = func(message []byte) []byte { return d.out.AppendBlocks(nil, message, b) }
	})
}
