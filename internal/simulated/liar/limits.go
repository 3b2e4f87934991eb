package liar

import "wsprobe/internal/wire"

// limits are those that a peer on a host should not have: RFC 6455 §5.4, §10.4.
var limits = []lie{
	{"takes no message above 125 octets", func(p *peer) { p.most = 125 }},
	{"takes no message above 65535 octets", func(p *peer) { p.most = 1<<16 - 1 }},
	{"takes no message above 1 MiB", func(p *peer) { p.most = 1 << 20 }},
	{"takes no message above 8 MiB", func(p *peer) { p.most = 8 << 20 }},
	{"takes no frame above 65535 octets", func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if code := p.lawful(h); code != 0 || h.Form != wire.Form64 {
				return code
			}
			return wire.MessageTooBig
		}
	}},
	{"takes no more than 16 fragments", takesFragments(16)},
	{"takes no more than 1000 fragments", takesFragments(1000)},
	{"takes no more than 100 messages", func(p *peer) {
		messages := 0
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Fin && !h.Opcode.IsControl() {
				messages++
			}
			if messages > 100 {
				return wire.PolicyViolation
			}
			return p.lawful(h)
		}
	}},
}

// endless is what may be wrong with how a peer takes messages that never end: RFC
// 6455 §10.4.
var endless = []lie{
	{"falls silent over 100000 fragments", silentWithin(func(m message) bool { return m.frames > 100_000 })},
	{"falls silent over many fragments of many octets", silentWithin(func(m message) bool { return m.frames > 128 && len(m.octets) > 512<<10 })},
}

// silentWithin is a lie that reads on and says nothing when a message has come to
// be such.
func silentWithin(at func(message) bool) func(*peer) {
	return func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if at(p.message) {
				p.wait()
			}
			return p.lawful(h)
		}
	}
}

// takesFragments is a limit on the frames of a message.
func takesFragments(most int) func(*peer) {
	return func(p *peer) {
		p.judge = func(h wire.Header) wire.StatusCode {
			if h.Opcode == wire.Continuation && p.message.frames >= most {
				return wire.PolicyViolation
			}
			return p.lawful(h)
		}
	}
}
