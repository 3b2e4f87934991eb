package liar

import (
	"bytes"

	"wsprobe/internal/wire"
)

// control is what may be wrong with pings and pongs: RFC 6455 §5.5, §5.5.2,
// §5.5.3.
var control = []lie{
	{"never pongs", pongs(silent)},
	{"pongs with other data", pongs(func(payload []byte) []frame { return pong(bytes.Repeat([]byte("?"), len(payload))) })},
	{"pongs without data", pongs(func([]byte) []frame { return pong(nil) })},
	{"pongs with data at any rate", pongs(func(payload []byte) []frame {
		if len(payload) == 0 {
			payload = []byte("pong")
		}
		return pong(payload)
	})},
	{"pongs up to a NUL", pongs(func(payload []byte) []frame {
		text, _, _ := bytes.Cut(payload, []byte{0})
		return pong(text)
	})},
	{"pongs 64 octets", pongs(func(payload []byte) []frame { return pong(payload[:min(len(payload), 64)]) })},
	{"pongs with a ping", pongs(func(payload []byte) []frame { return one(wire.Ping, payload) })},
	{"pongs with text", pongs(func(payload []byte) []frame { return one(wire.Text, payload) })},
	{"pongs twice", pongs(func(payload []byte) []frame { return append(pong(payload), pong(payload)...) })},
	{"pongs every other ping", func(p *peer) {
		pings := 0
		p.pong = func(payload []byte) []frame {
			if pings++; pings%2 == 0 {
				return nil
			}
			return pong(payload)
		}
	}},
	{"pongs with the data of the first ping", func(p *peer) {
		var first []byte
		p.pong = func(payload []byte) []frame {
			if first == nil {
				first = payload
			}
			return pong(first)
		}
	}},
	{"pongs between fragments after the message", func(p *peer) {
		var held []frame
		p.pong = func(payload []byte) []frame {
			if !p.state.Fragmented {
				return pong(payload)
			}
			held = append(held, pong(payload)...)
			return nil
		}
		p.echo = func(m message) []frame {
			late := held
			held = nil
			return append(same(m), late...)
		}
	}},
	{"forgets the message at a ping between fragments", func(p *peer) {
		p.pong = func(payload []byte) []frame {
			p.message.octets = nil
			return pong(payload)
		}
	}},
	{"closes at a ping between fragments", func(p *peer) {
		p.pong = func(payload []byte) []frame {
			if p.state.Fragmented {
				p.fail(wire.ProtocolError)
				return nil
			}
			return pong(payload)
		}
	}},
	{"closes at an unsolicited pong", func(p *peer) {
		p.heed = func([]byte) []frame {
			p.fail(wire.ProtocolError)
			return nil
		}
	}},
	{"closes at an empty pong", func(p *peer) {
		p.heed = func(payload []byte) []frame {
			if len(payload) == 0 {
				p.fail(wire.ProtocolError)
			}
			return nil
		}
	}},
	{"pongs a pong", func(p *peer) { p.heed = pong }},
	{"answers a pong with text", func(p *peer) {
		p.heed = func(payload []byte) []frame { return one(wire.Text, payload) }
	}},
	{"accepts control frames above 125 octets", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Opcode.IsControl() && h.Length <= maxControl {
				h.Length, h.Form = min(h.Length, wire.MaxControl), wire.Shortest
			}
			return p.lawful(h)
		}
	}},
	{"takes a fragmented control frame for a whole one", hears(func(_ *peer, h *wire.Header) bool {
		h.Fin = h.Fin || h.Opcode.IsControl()
		return true
	})},
	{"takes a fragmented control frame for a message", hears(func(_ *peer, h *wire.Header) bool {
		if h.Opcode.IsControl() && !h.Fin {
			h.Opcode = wire.Binary
		}
		return true
	})},
}

// pongs is a lie about the answers to pings.
func pongs(answer func(payload []byte) []frame) func(*peer) {
	return func(p *peer) { p.pong = answer }
}
