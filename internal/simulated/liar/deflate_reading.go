package liar

import (
	"bytes"
	"errors"

	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// inflating is what peers that compress may do wrong with messages that come: RFC
// 7692 §6.1, §7.2.2.
var inflating = []lie{
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
