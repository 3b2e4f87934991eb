package liar

import "wsprobe/internal/wire"

// PlantedMemory returns a bug of a board that remembers from one connection to the
// next until it starts anew: it falls over an empty binary message once it was sent
// an unknown opcode. No input shows it alone, and few campaigns do.
func PlantedMemory() Planted {
	return bug{"falls over an empty binary message once there was an unknown opcode", "conn", "DOWN", 0,
		"send binary\nclose 1000", func(p *peer, b *Board) {
			judge := p.judge
			p.judge = func(h wire.Header) wire.StatusCode {
				switch {
				case h.Opcode > wire.Binary && h.Opcode < wire.Close:
					b.swap([]byte("armed"))
				case h.Opcode == wire.Binary && h.Length == 0 && len(b.held()) > 0:
					p.fall(b)
				}
				return judge(h)
			}
		}}.planted(wire.Server)
}

// PlantedLeaks returns bugs of boards whose memory is not given back, until they
// start anew: of each connection, or only of each ping.
func PlantedLeaks() []Planted {
	return []Planted{
		bug{"loses memory with each connection", "conn", "DOWN", 0, "close 1000", func(p *peer, b *Board) {
			open := p.open
			p.open = func() bool { return !p.leak(b) && open() }
		}}.planted(wire.Server),
		bug{"loses memory with each ping", "ctrl", "DOWN", 0, "send ping\nclose 1000", func(p *peer, b *Board) {
			pong := p.pong
			p.pong = func(payload []byte) []frame {
				if p.leak(b) {
					return nil
				}
				return pong(payload)
			}
		}}.planted(wire.Server),
	}
}

// leak takes memory of a board, and reports whether it has fallen over that.
func (p *peer) leak(b *Board) bool {
	b.leak(600) // of the 40000 octets that it has
	if b.Heap() >= 0 {
		return false
	}
	p.fall(b)
	return true
}
