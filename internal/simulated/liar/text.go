package liar

import (
	"bytes"
	"io"

	"wsprobe/internal/wire"
)

// text is what may be wrong with how text is checked and kept: RFC 6455 §5.6,
// §8.1, RFC 3629.
var text = []lie{
	{"does not check UTF-8", checks(func() checker { return unchecked{} })},
	{"checks UTF-8 at the end of a message", checks(func() checker { return new(late) })},
	{"checks UTF-8 at the end of a frame", func(p *peer) {
		p.read = func(b []byte) (int, error) { return io.ReadFull(p.in, b) }
	}},
	{"checks UTF-8 of each frame by itself", func(p *peer) {
		p.hear = func(h *wire.Header) bool {
			if h.Opcode == wire.Continuation {
				p.message.check = p.check(p.message.opcode)
			}
			return true
		}
	}},
	{"checks UTF-8 of the first frame", func(p *peer) {
		p.hear = func(h *wire.Header) bool {
			if h.Opcode == wire.Continuation {
				p.message.check = unchecked{}
			}
			return true
		}
	}},
	{"checks UTF-8 of binary", func(p *peer) {
		p.check = func(wire.Opcode) checker { return new(wire.UTF8) }
	}},
	{"closes with 1002 at text that is not UTF-8", func(p *peer) {
		p.fail = func(code wire.StatusCode) {
			if code == wire.InvalidPayload {
				code = wire.ProtocolError
			}
			p.failConnection(code)
		}
	}},
	{"mends text that is not UTF-8", func(p *peer) {
		p.check = func(wire.Opcode) checker { return unchecked{} }
		p.echo = func(m message) []frame {
			if m.opcode == wire.Text {
				m.octets = bytes.ToValidUTF8(m.octets, []byte("\ufffd"))
			}
			return same(m)
		}
	}},

	{"accepts surrogates", checks(func() checker { return &loose{surrogates: true} })},
	{"accepts overlong forms", checks(func() checker { return &loose{overlong: true} })},
	{"accepts characters above U+10FFFF", checks(func() checker { return &loose{beyond: true} })},
	{"accepts forms of five and six octets", checks(func() checker { return &loose{long: true} })},
	{"accepts octets that begin no character", checks(func() checker { return &loose{stray: true} })},
	{"accepts characters that are cut short", checks(func() checker { return &loose{broken: true} })},
	{"accepts text that ends within a character", checks(func() checker { return &loose{open: true} })},

	{"refuses NUL", refuses(func(r rune) bool { return r == 0 })},
	{"refuses control characters", refuses(func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 })},
	{"refuses characters of two octets", refuses(func(r rune) bool { return 0x80 <= r && r < 0x800 })},
	{"refuses characters of three octets", refuses(func(r rune) bool { return 0x800 <= r && r < 0x10000 })},
	{"refuses characters of four octets", refuses(func(r rune) bool { return 0x10000 <= r })},
	{"refuses characters above U+FFFFF", refuses(func(r rune) bool { return 0xfffff < r })},
	{"refuses non-characters", refuses(func(r rune) bool { return r&0xfffe == 0xfffe })},
	{"refuses specials", refuses(func(r rune) bool { return 0xfff0 <= r && r <= 0xffff })},
	{"takes all from U+D000 on for surrogates", refuses(func(r rune) bool { return 0xd000 <= r && r <= 0xdfff })},

	{"cuts text at a NUL", changes(func(octets []byte) []byte {
		before, _, _ := bytes.Cut(octets, []byte{0})
		return before
	})},
	{"normalizes text", changes(func(octets []byte) []byte {
		return bytes.ReplaceAll(octets, []byte("\u1f79"), []byte("\u03cc")) // as NFC does
	})},
	{"adds a line end to text", changes(func(octets []byte) []byte { return append(octets, '\n') })},
}

// checks is a lie about how text is checked.
func checks(check func() checker) func(*peer) {
	return func(p *peer) {
		p.check = func(op wire.Opcode) checker {
			if op == wire.Text {
				return check()
			}
			return unchecked{}
		}
	}
}

// refuses is a lie about which characters there are.
func refuses(dislikes func(rune) bool) func(*peer) {
	return checks(func() checker { return &fussy{dislikes: dislikes} })
}

// changes is a lie about text that comes back.
func changes(change func([]byte) []byte) func(*peer) {
	return answers(func(m message) []frame {
		if m.opcode == wire.Text {
			m.octets = change(m.octets)
		}
		return same(m)
	})
}
