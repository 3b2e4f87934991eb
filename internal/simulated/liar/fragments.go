package liar

import (
	"slices"

	"wsprobe/internal/wire"
)

// fragments is what may be wrong with how messages are put together: RFC 6455
// §5.4.
var fragments = []lie{
	{"passes over a continuation of nothing", hears(func(p *peer, h *wire.Header) bool { return !stray(p, h) })},
	{"takes a continuation of nothing for text", hears(func(p *peer, h *wire.Header) bool {
		if stray(p, h) {
			h.Opcode = wire.Text
		}
		return true
	})},
	{"lets a new message interrupt a fragmented one", hears(func(p *peer, h *wire.Header) bool {
		if intrudes(p, h) {
			p.state.Fragmented = false
		}
		return true
	})},
	{"takes a new message for a continuation", hears(func(p *peer, h *wire.Header) bool {
		if intrudes(p, h) {
			h.Opcode = wire.Continuation
		}
		return true
	})},
	{"passes over a message within a fragmented one", hears(func(p *peer, h *wire.Header) bool { return !intrudes(p, h) })},
	{"takes each fragment for a message", func(p *peer) {
		var state wire.State // what it should be; that of p is never fragmented
		p.hear = func(h *wire.Header) bool {
			switch right := len(wire.Check(*h, p.role.Peer(), state)) == 0; {
			case !right:
				p.state = state
			case !h.Opcode.IsControl():
				state = state.Next(*h)
				if h.Fin = true; h.Opcode == wire.Continuation {
					h.Opcode = p.message.opcode
				}
			}
			return true
		}
	}},
	{"drops the first fragment", hears(func(p *peer, h *wire.Header) bool {
		if h.Opcode == wire.Continuation && p.message.frames == 1 {
			p.message.octets = nil
		}
		return true
	})},
	{"drops the last fragment", func(p *peer) {
		kept := 0
		p.hear = func(h *wire.Header) bool {
			if h.Opcode == wire.Continuation && h.Fin {
				kept = len(p.message.octets)
			}
			return true
		}
		p.echo = func(m message) []frame {
			if m.frames > 1 {
				m.octets = m.octets[:kept]
			}
			return same(m)
		}
	}},
	{"joins fragments backwards", func(p *peer) {
		var ends []int
		p.hear = func(h *wire.Header) bool {
			if h.Opcode == wire.Continuation {
				ends = append(ends, len(p.message.octets))
			}
			return true
		}
		p.echo = func(m message) []frame {
			var joined []byte
			for end := len(m.octets); len(ends) > 0; ends = ends[:len(ends)-1] {
				start := ends[len(ends)-1]
				joined = append(joined, m.octets[start:end]...)
				m.octets = m.octets[:start]
				end = start
			}
			m.octets = append(joined, m.octets...)
			return same(m)
		}
	}},
	{"closes at an empty fragment", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			fragment := h.Opcode == wire.Continuation || !h.Fin
			if fragment && h.Length == 0 && !h.Opcode.IsControl() {
				return wire.ProtocolError
			}
			return p.lawful(h)
		}
	}},
	{"refuses fragments", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if code := p.lawful(h); code != 0 || h.Fin {
				return code
			}
			return wire.UnsupportedData
		}
	}},
}

// stray says whether a frame continues nothing.
func stray(p *peer, h *wire.Header) bool {
	return h.Opcode == wire.Continuation && !p.state.Fragmented
}

// intrudes says whether a frame begins a message within another.
func intrudes(p *peer, h *wire.Header) bool {
	return p.state.Fragmented && slices.Contains([]wire.Opcode{wire.Text, wire.Binary}, h.Opcode)
}
