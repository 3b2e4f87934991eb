package liar

import (
	"bytes"
	"errors"
	"slices"

	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// compressing is what peers that compress may do wrong with messages: RFC 7692
// §6, §7.2.
var compressing = []lie{
	{"does not look at compressed text", compresses(func(d *deflater) { d.valid = func([]byte) bool { return true } })},
	{"takes compressed text that ends within a character", compresses(func(d *deflater) {
		d.valid = func(b []byte) bool {
			var text wire.UTF8
			return text.Write(b)
		}
	})},
	{"forgets what was sent before", compresses(func(d *deflater) { d.reads = forgetful })},
	{"forgets what came before an uncompressed message", compresses(func(d *deflater) {
		d.plain = func(m message) []frame {
			d.in = deflate.NewInflater(d.theirs)
			return same(m)
		}
	})},
	{"keeps uncompressed messages in its window", compresses(func(d *deflater) {
		d.plain = func(m message) []frame {
			d.in.Append(nil, deflate.NewCompressor(deflate.Params{Window: deflate.MinWindow}).Append(nil, m.octets), maxMessage)
			return same(m)
		}
	})},
	{"forgets what came in stored blocks", compresses(func(d *deflater) {
		unpack := d.unpack
		d.unpack = func(payload []byte) ([]byte, error) {
			message, err := unpack(payload)
			if len(message) > 0 && beginsStored(payload) {
				d.in = deflate.NewInflater(d.theirs)
			}
			return message, err
		}
	})},
	{"inflates in a window of 8 bits", compresses(func(d *deflater) {
		d.reads = func(p *deflate.Params) { p.Window = deflate.MinWindow }
	})},
	{"inflates in half of the window", compresses(func(d *deflater) {
		d.reads = func(p *deflate.Params) { p.Window = max(p.Window-1, deflate.MinWindow) }
	})},
	{"gives back what does not inflate", compresses(func(d *deflater) {
		unpack := d.unpack
		d.unpack = func(payload []byte) ([]byte, error) {
			if message, err := unpack(payload); err == nil {
				return message, nil
			}
			d.valid = func([]byte) bool { return true }
			return payload, nil
		}
	})},
	{"gives back what comes before the fault", compresses(func(d *deflater) {
		unpack := d.unpack
		d.unpack = func(payload []byte) ([]byte, error) {
			message, _ := unpack(payload)
			return message, nil
		}
	})},
	{"reads no stored blocks", refusesPayloads(beginsStored)},
	{"reads no final blocks", refusesPayloads(func(b []byte) bool { return len(b) > 0 && b[0]&1 == 1 })},
	{"reads nothing after a final block", compresses(func(d *deflater) {
		unpack, over := d.unpack, false
		d.unpack = func(payload []byte) ([]byte, error) {
			if over {
				return nil, errUnread
			}
			over = len(payload) > 0 && payload[0]&1 == 1
			return unpack(payload)
		}
	})},
	{"reads one block of a message", refusesPayloads(func(b []byte) bool { return bytes.Contains(b, []byte("\x00\x00\xff\xff")) })},
	{"reads no empty messages", compresses(func(d *deflater) {
		unpack := d.unpack
		d.unpack = func(payload []byte) ([]byte, error) {
			message, err := unpack(payload)
			if len(message) == 0 {
				err = errUnread
			}
			return message, err
		}
	})},
	{"reads no compressed fragments", refusesMessages(func(d *deflater, m message) bool { return d.compressed && m.frames > 1 })},
	{"reads no uncompressed messages", refusesMessages(func(d *deflater, _ message) bool { return !d.compressed })},
	{"falls silent over a bomb", silencedAfter(1)},
	{"falls silent over several bombs", silencedAfter(4)},
	{"puts up with RSV1 anywhere", compresses(func(d *deflater) {
		d.p.judge = func(h wire.Header) wire.StatusCode {
			h.RSV &^= 4
			return d.p.lawful(h)
		}
	})},
	{"puts up with RSV2 and RSV3", compresses(func(d *deflater) {
		d.p.judge = func(h wire.Header) wire.StatusCode {
			h.RSV &= 4
			return d.p.lawful(h)
		}
	})},
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

// errUnread is why a liar does not read a message.
var errUnread = errors.New("not read")

// fatal is what a message has to come to for a peer that bears no bombs, in octets.
const fatal = 512 << 10

// silencedAfter is a lie that reads on and says nothing after so many messages of
// many octets.
func silencedAfter(bombs int) func(*peer) {
	return compresses(func(d *deflater) {
		unpack, left := d.unpack, bombs
		d.unpack = func(payload []byte) ([]byte, error) {
			message, err := unpack(payload)
			if len(message) >= fatal {
				if left--; left == 0 {
					d.p.wait()
				}
			}
			return message, err
		}
	})
}

func forgetful(p *deflate.Params) { p.Takeover = false }

func beginsStored(payload []byte) bool { return len(payload) > 0 && payload[0]&6 == 0 }

// refusesPayloads is a lie that fails the connection over lawful compressed
// messages.
func refusesPayloads(refused func(payload []byte) bool) func(*peer) {
	return refusesMessages(func(d *deflater, m message) bool { return d.compressed && refused(m.octets) })
}

// refusesMessages is a lie that fails the connection over lawful messages.
func refusesMessages(refused func(*deflater, message) bool) func(*peer) {
	return compresses(func(d *deflater) {
		d.p.echo = func(m message) []frame {
			if refused(d, m) {
				d.p.fail(wire.ProtocolError)
				return nil
			}
			return d.echo(m)
		}
	})
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
