package liar

import (
	"bytes"
	"io"
	"math"
	"math/bits"
	"net"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// serving is what only a server can do wrong with frames, and with the end: RFC
// 6455 §5.1, §7.1.1.
var serving = []lie{
	{"masks its frames", says(func(f *frame) { f.Masked, f.Key = true, [4]byte{1, 2, 3, 4} })},
	{"does not unmask binary", func(p *peer) {
		p.unmask = func(b []byte, h wire.Header, at int) {
			if h.Opcode != wire.Binary {
				wire.Mask(b, h.Key, at)
			}
		}
	}},
	{"answers closes with 1010", closes(func([]byte) []frame { return closeWith(wire.MandatoryExtension, "") })},
	{"never ends TCP", func(p *peer) { p.end = p.wait }},
}

// framing is what may be wrong with the frames that a peer sends, and with those
// that it takes: RFC 6455 §5.1, §5.2.
var framing = []lie{
	{"sets RSV1 on its frames", says(func(f *frame) { f.RSV = 4 })},
	{"sets RSV3 on its binary frames", says(func(f *frame) {
		if f.Opcode == wire.Binary {
			f.RSV = 1
		}
	})},
	{"sends lengths in 64 bits", says(func(f *frame) { f.Form = wire.Form64 })},
	{"sends lengths of 126 and 127 in 7 bits", says(func(f *frame) {
		if f.Length == 126 || f.Length == 127 {
			f.Form = wire.Form7
		}
	})},
	{"sends lengths of 16 bits backwards", says(func(f *frame) {
		if wire.ShortestForm(f.Length) == wire.Form16 {
			f.Form, f.Length = wire.Form16, uint64(bits.ReverseBytes16(uint16(f.Length)))
		}
	})},
	{"sends 16 bits of each length above", says(func(f *frame) {
		if f.Length > math.MaxUint16 {
			f.Form = wire.Form16
		}
	})},
	{"sends lengths in characters", says(func(f *frame) {
		if f.Opcode == wire.Text {
			f.Length = uint64(utf8.RuneCount(f.payload))
		}
	})},
	{"answers with a reserved opcode", says(func(f *frame) {
		if f.Opcode == wire.Text {
			f.Opcode = 3
		}
	})},
	{"answers binary as text", answers(func(m message) []frame { return one(wire.Text, m.octets) })},
	{"answers text as binary", answers(func(m message) []frame { return one(wire.Binary, m.octets) })},
	{"answers twice", answers(func(m message) []frame { return append(same(m), same(m)...) })},
	{"answers an empty message with a blank", answers(func(m message) []frame {
		if len(m.octets) == 0 {
			m.octets = []byte(" ")
		}
		return same(m)
	})},
	{"answers in two whole frames", answers(func(m message) []frame {
		frames := cut(m)
		frames[0].Fin = true
		return frames
	})},
	{"answers in two frames of the same type", answers(func(m message) []frame {
		frames := cut(m)
		frames[1].Opcode = m.opcode
		return frames
	})},
	{"loses the last octet from 64 KiB on", answers(func(m message) []frame {
		if len(m.octets) >= 64<<10 {
			m.octets = m.octets[:len(m.octets)-1]
		}
		return same(m)
	})},
	{"loses the last octet of what fills a buffer", answers(func(m message) []frame {
		if n := len(m.octets); n >= 256 && n <= 4096 && n&(n-1) == 0 {
			m.octets = m.octets[:n-1]
		}
		return same(m)
	})},
	{"pads binary to 16 octets", answers(func(m message) []frame {
		if m.opcode == wire.Binary && len(m.octets) < 16 {
			m.octets = append(m.octets, bytes.Repeat([]byte{0}, 16-len(m.octets))...)
		}
		return same(m)
	})},
	{"takes a header that comes in two writes for a broken one", func(p *peer) {
		writes := &shortReads{Conn: p.conn}
		p.in.Reset(writes)
		p.header = func() (wire.Header, error) {
			if _, err := p.in.Peek(1); err == nil && writes.short && p.in.Buffered() < p.shortestHeader() {
				p.fail(wire.ProtocolError)
				return wire.Header{}, io.EOF
			}
			return wire.ReadHeader(p.in)
		}
	}},

	{"ignores reserved bits", hears(func(_ *peer, h *wire.Header) bool { h.RSV = 0; return true })},
	{"ignores RSV1", hears(func(_ *peer, h *wire.Header) bool { h.RSV &^= 4; return true })},
	{"ignores RSV2", hears(func(_ *peer, h *wire.Header) bool { h.RSV &^= 2; return true })},
	{"ignores RSV3", hears(func(_ *peer, h *wire.Header) bool { h.RSV &^= 1; return true })},
	{"ignores reserved bits of binary", hears(func(_ *peer, h *wire.Header) bool {
		if h.Opcode == wire.Binary {
			h.RSV = 0
		}
		return true
	})},
	{"passes over frames with reserved bits", hears(func(_ *peer, h *wire.Header) bool { return h.RSV == 0 })},
	{"passes over reserved opcodes", hears(func(_ *peer, h *wire.Header) bool { return !h.Opcode.IsReserved() })},
	{"passes over reserved opcodes of data", hears(func(_ *peer, h *wire.Header) bool {
		return !h.Opcode.IsReserved() || h.Opcode.IsControl()
	})},
	{"passes over reserved opcodes of control", hears(func(_ *peer, h *wire.Header) bool {
		return !h.Opcode.IsReserved() || !h.Opcode.IsControl()
	})},
	{"takes reserved opcodes for text", hears(func(_ *peer, h *wire.Header) bool {
		if h.Opcode.IsReserved() {
			h.Opcode = wire.Text
		}
		return true
	})},
}

// shortestHeader is the length of the shortest header that may come, in octets.
func (p *peer) shortestHeader() int {
	h := wire.Header{Masked: p.role.Peer().Masks()}
	return len(h.Append(nil))
}

// shortReads knows whether the last read brought less than was asked for: on a
// pipe all that was left of a write, on TCP all that has come so far.
type shortReads struct {
	net.Conn
	short bool
}

func (r *shortReads) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	r.short = n < len(b)
	return n, err
}

// says is a lie about the frames that go out.
func says(change func(*frame)) func(*peer) {
	return func(p *peer) { p.say = change }
}

// answers is a lie about the answers to messages.
func answers(answer func(message) []frame) func(*peer) {
	return func(p *peer) { p.echo = answer }
}

// hears is a lie about the frames that come in.
func hears(hear func(*peer, *wire.Header) bool) func(*peer) {
	return func(p *peer) { p.hear = func(h *wire.Header) bool { return hear(p, h) } }
}
