package liar

import (
	"bytes"
	"io"
	"math"
	"slices"

	"wsprobe/internal/wire"
)

// Bugs in how lengths are read.
var plantedLengths = []bug{
	{"falls over the top bit of a length", "len", "DOWN", 0, "send text length=9223372036854775808\nhalf-close\ndrop",
		falls(func(h wire.Header) bool { return h.Length > math.MaxInt64 })},
	{"falls over lengths that are negative in 32 bits", "len", "DOWN", 0, "send text length=2147483648\nhalf-close\ndrop",
		falls(func(h wire.Header) bool { return h.Length > math.MaxInt32 && h.Length <= math.MaxUint32 })},
	{"falls where a length and a header wrap", "len", "DOWN", 0, "send text length=18446744073709551615\nhalf-close\ndrop",
		falls(func(h wire.Header) bool { return h.Length > math.MaxUint64-14 })},
	{"takes lengths by their last 32 bits", "len", "SMUGGLE", 0, "send text length=4294967297 \"a\"\nhalf-close\ndrop",
		simply(shortens(func(n uint64) uint64 { return n & math.MaxUint32 }))},
	{"takes lengths by their last 16 bits", "len", "SMUGGLE", 0, "send text length=65537 \"a\"\nhalf-close\ndrop",
		simply(shortens(func(n uint64) uint64 { return n & math.MaxUint16 }))},
	{"takes lengths of 16 bits for signed ones", "len", "HANG", 0, "send text \"a\"*32768\nclose 1000",
		stalls(func(h wire.Header) bool { return h.Length > math.MaxInt16 && h.Length <= math.MaxUint16 })},
	{"loops over an empty frame of 64 bits", "len", "HANG", 0, "send text form=64\nclose 1000",
		stalls(func(h wire.Header) bool { return h.Form == wire.Form64 && h.Length == 0 })},
	{"puts up with lengths in 64 bits", "len", "LENIENT", 0, "send text form=64\nclose 1000",
		simply(mends(func(h *wire.Header) { h.Form = wire.Shortest }))},
}

// shortens reads lengths otherwise.
func shortens(length func(uint64) uint64) func(*peer) {
	return func(p *peer) {
		header := p.header
		p.header = func() (wire.Header, error) {
			h, err := header()
			h.Length = length(h.Length)
			h.Form = wire.Shortest
			return h, err
		}
	}
}

// mends makes good what is wrong with a header before it is judged.
func mends(mend func(*wire.Header)) func(*peer) {
	return func(p *peer) {
		judge := p.judge
		p.judge = func(h wire.Header) wire.StatusCode {
			mend(&h)
			return judge(h)
		}
	}
}

// Bugs in how octets are gathered that do not come at once.
var plantedSplits = []bug{
	{"falls over a header of one octet", "split", "DOWN", 0, "send cut=1 text\nclose 1000",
		func(p *peer, b *Board) {
			header := p.header
			p.header = func() (wire.Header, error) {
				if _, err := p.in.Peek(1); err == nil && p.in.Buffered() == 1 {
					p.fall(b)
				}
				return header()
			}
		}},
	{"loses a key that comes apart from its length", "split", "DESYNC", wire.Server, "send cut=2 text \"a\"\nclose 1000",
		func(p *peer, _ *Board) {
			header := p.header
			p.header = func() (wire.Header, error) {
				_, err := p.in.Peek(2)
				apart := err == nil && p.in.Buffered() == 2
				h, err := header()
				if apart {
					h.Key = [4]byte{}
				}
				return h, err
			}
		}},
	{"takes what comes at once for all of a payload", "split", "DESYNC", 0, "send cut=3 text \"aa\"\nclose 1000",
		simply(func(p *peer) {
			p.read = func(octets []byte) (int, error) {
				n, err := p.in.Read(octets)
				if err == nil && n < len(octets) {
					clear(octets[n:])
					_, err = io.CopyN(io.Discard, p.in, int64(len(octets)-n))
				}
				return len(octets), err
			}
		})},
}

// Bugs in masking.
var plantedMasks = []bug{
	{"puts up with the wrong masking", "mask", "LENIENT", 0, "send text mask=wrong\nclose 1000",
		simply(func(p *peer) { mends(func(h *wire.Header) { h.Masked = p.role == wire.Server })(p) })},
	{"falls over a key of zeros", "mask", "DOWN", wire.Server, "send text key=00000000\nclose 1000",
		falls(func(h wire.Header) bool { return h.Masked && h.Key == [4]byte{} })},
	{"keeps the first key", "mask", "DESYNC", wire.Server, "send text\nsend text \"a\"\nclose 1000",
		simply(func(p *peer) {
			var first *[4]byte
			p.unmask = func(octets []byte, h wire.Header, at int) {
				if first == nil {
					first = &h.Key
				}
				wire.Mask(octets, *first, at)
			}
		})},
	{"begins the key anew in every piece", "mask", "DESYNC", wire.Server, "send cut=7 text \"aa\"\nclose 1000",
		simply(func(p *peer) {
			p.unmask = func(octets []byte, h wire.Header, _ int) { wire.Mask(octets, h.Key, 0) }
		})},
}

// Bugs in fragmentation.
var plantedFragments = []bug{
	{"falls over a continuation of nothing", "frag", "DOWN", 0, "send continuation\nclose 1000",
		func(p *peer, b *Board) {
			falls(func(h wire.Header) bool { return h.Opcode == wire.Continuation && !p.state.Fragmented })(p, b)
		}},
	{"frees twice what an empty fragment ends", "frag", "DOWN", 0, "send text fin=0 \"a\", continuation\nclose 1000",
		func(p *peer, b *Board) {
			falls(func(h wire.Header) bool {
				return h.Opcode == wire.Continuation && h.Length == 0 && p.state.Fragmented && len(p.message.octets) > 0
			})(p, b)
		}},
	{"loses what came before a ping", "frag", "DESYNC", 0, "send text fin=0 \"a\", ping, continuation\nclose 1000",
		simply(func(p *peer) {
			p.pong = func(payload []byte) []frame {
				p.message.octets = nil
				return pong(payload)
			}
		})},
	{"puts up with a message within a message", "frag", "LENIENT", 0, "send text fin=0, text\nclose 1000",
		simply(func(p *peer) {
			p.hear = func(h *wire.Header) bool {
				if h.Opcode == wire.Text || h.Opcode == wire.Binary {
					p.state.Fragmented = false
				}
				return true
			}
		})},
	{"answers nothing with the message before", "frag", "LEAK", 0, "send text \"a\"\nsend text\nclose 1000",
		func(p *peer, b *Board) {
			p.echo = func(m message) []frame {
				if len(m.octets) == 0 {
					m.octets = b.held()
				}
				b.swap(m.octets)
				return same(m)
			}
		}},
	{"answers with what the buffer still holds", "frag", "LEAK", 0, "send text \"aa\"\nsend text fin=0 \"a\", continuation\nclose 1000",
		func(p *peer, b *Board) {
			p.echo = func(m message) []frame {
				earlier := b.swap(m.octets)
				if m.frames > 1 && len(earlier) > len(m.octets) {
					m.octets = append(slices.Clone(m.octets), earlier[len(m.octets):]...)
				}
				return same(m)
			}
		}},
	{"drops the last of nine fragments", "frag", "DESYNC", 0,
		"send fragment=1 text \"aaaaaaaaa\"\nclose 1000",
		simply(answers(func(m message) []frame {
			if m.frames > 8 {
				m.octets = m.octets[:len(m.octets)-min(len(m.octets), 1)]
			}
			return same(m)
		}))},
	{"never frees fragments", "frag", "SLOW", 0, "send text fin=0, continuation\nclose 1000",
		func(p *peer, b *Board) {
			p.echo = func(m message) []frame {
				if m.frames > 1 {
					b.leak(100)
				}
				return same(m)
			}
		}},
}

// Bugs in control frames.
var plantedControls = []bug{
	{"falls over a ping of 126 octets", "ctrl", "DOWN", 0, "send ping \"a\"*126\nclose 1000",
		falls(func(h wire.Header) bool { return h.Opcode == wire.Ping && h.Length > wire.MaxControl })},
	{"answers a ping of 125 octets with 124", "ctrl", "DESYNC", 0, "send ping \"a\"*125\nclose 1000",
		simply(func(p *peer) {
			p.pong = func(payload []byte) []frame { return pong(payload[:min(len(payload), 124)]) }
		})},
	{"answers an empty ping with what was before", "ctrl", "LEAK", 0, "send ping \"a\"\nsend ping\nclose 1000",
		func(p *peer, b *Board) {
			p.pong = func(payload []byte) []frame {
				if len(payload) == 0 {
					payload = append(b.held(), "heap"...)
				}
				b.swap(payload)
				return pong(payload)
			}
		}},
	{"answers a pong", "ctrl", "ILLEGAL", 0, "send pong \"a\"\nclose 1000",
		simply(func(p *peer) { p.heed = pong })},
	{"hangs at a ping in fragments", "ctrl", "HANG", 0, "send ping fin=0\nclose 1000",
		stalls(func(h wire.Header) bool { return h.Opcode == wire.Ping && !h.Fin })},
	{"masks its pongs the wrong way", "ctrl", "ILLEGAL", 0, "send ping\nclose 1000",
		simply(says(func(f *frame) {
			if f.Opcode == wire.Pong {
				f.Masked = !f.Masked
			}
		}))},
	{"puts up with an opcode of no meaning", "ctrl", "LENIENT", 0, "send opcode11\nclose 1000",
		simply(hears(func(_ *peer, h *wire.Header) bool { return h.Opcode != 11 }))},
}

// Bugs in closing.
var plantedCloses = []bug{
	{"falls over a Close frame of one octet", "close", "DOWN", 0, "send close \"a\"\ndrop",
		falls(func(h wire.Header) bool { return h.Opcode == wire.Close && h.Length == 1 })},
	{"gives back any status", "close", "ILLEGAL", 0, "send close 1005\ndrop",
		simply(func(p *peer) { p.judgeClose = func([]byte) wire.StatusCode { return 0 } })},
	{"adds to a long reason", "close", "ILLEGAL", 0, "send close 1000 \"a\"*123\ndrop",
		simply(func(p *peer) {
			p.answer = func(payload []byte) []frame {
				if len(payload) == wire.MaxControl {
					payload = append(slices.Clone(payload), '!')
				}
				return one(wire.Close, payload)
			}
		})},
	{"goes on after a Close frame", "close", "LENIENT", 0, "send close 1000, text \"a\"\ndrop",
		simply(func(p *peer) {
			p.close = func(payload []byte) {
				p.send(p.answer(payload)...)
				if p.in.Buffered() > 0 {
					if h, err := p.header(); err == nil && !h.Opcode.IsControl() {
						_ = p.data(h)
					}
				}
				p.over = true
				p.end()
			}
		})},
	{"never ends a connection over a bad reason", "close", "HANG", 0, "send close 1000 \"\\xff\"\ndrop",
		func(p *peer, b *Board) {
			judge := p.judgeClose
			p.judgeClose = func(payload []byte) wire.StatusCode {
				code := judge(payload)
				if code == wire.InvalidPayload {
					b.hang()
				}
				return code
			}
		}},
	{"falls over status 4999", "close", "DOWN", 0, "send close 4999\ndrop",
		func(p *peer, b *Board) {
			answer := p.answer
			p.answer = func(payload []byte) []frame {
				if code, _, _ := wire.SplitClose(payload); code == 4999 {
					p.fall(b)
				}
				return answer(payload)
			}
		}},
}

// Bugs in text.
var plantedTexts = []bug{
	{"falls over text that is not UTF-8", "utf", "DOWN", 0, "send text \"\\xff\"\nclose 1000",
		func(p *peer, b *Board) {
			fail := p.fail
			p.fail = func(code wire.StatusCode) {
				if code == wire.InvalidPayload {
					p.fall(b)
				}
				fail(code)
			}
		}},
	{"takes surrogates", "utf", "LENIENT", 0, "send text \"\\xed\\xa0\\x80\"\nclose 1000",
		simply(func(p *peer) {
			p.check = func(op wire.Opcode) checker {
				if op == wire.Text {
					return &surrogates{}
				}
				return unchecked{}
			}
		})},
	{"checks each fragment by itself", "utf", "DESYNC", 0, "send text fin=0 \"\\xc3\", continuation \"\\xa4\"\nclose 1000",
		simply(func(p *peer) {
			judge := p.judge
			p.judge = func(h wire.Header) wire.StatusCode {
				if h.Opcode == wire.Continuation && p.state.Fragmented && !p.message.check.Complete() {
					return wire.InvalidPayload
				}
				return judge(h)
			}
		})},
	{"ends text at a zero", "utf", "DESYNC", 0, "send text \"\\x00\"\nclose 1000",
		simply(answers(func(m message) []frame {
			if at := bytes.IndexByte(m.octets, 0); at >= 0 && m.opcode == wire.Text {
				m.octets = m.octets[:at]
			}
			return same(m)
		}))},
}

// surrogates is a check that lets them pass.
type surrogates struct{ octets []byte }

func (s *surrogates) Write(b []byte) bool {
	s.octets = append(s.octets, b...)
	return true
}

func (s *surrogates) Complete() bool {
	var u wire.UTF8
	u.Write(bytes.ReplaceAll(s.octets, []byte{0xED, 0xA0, 0x80}, nil))
	return u.Complete()
}
