package liar

import (
	"io"
	"time"

	"wsprobe/internal/wire"
)

// closing is what may be wrong with how a connection ends: RFC 6455 §5.5.1, §7.
var closing = []lie{
	{"never answers a close", func(p *peer) { p.close = func([]byte) { p.wait() } }},
	{"ends TCP without a close frame", func(p *peer) { p.answer, p.end = silent, func() {} }},
	{"resets in place of a close frame", func(p *peer) { p.close = func([]byte) { p.reset() } }},
	{"answers closes with 1001", closes(func([]byte) []frame { return closeWith(wire.GoingAway, "") })},
	{"answers closes with 1005", closes(func([]byte) []frame { return closeWith(wire.NoStatusReceived, "") })},
	{"answers a close without status with 1005", closes(func(payload []byte) []frame {
		if len(payload) == 0 {
			return closeWith(wire.NoStatusReceived, "")
		}
		return sameStatus(payload)
	})},
	{"answers closes with one octet", closes(func([]byte) []frame { return one(wire.Close, []byte("x")) })},
	{"answers closes with a reason that is not UTF-8", closes(func([]byte) []frame { return closeWith(wire.NormalClosure, "\xff") })},
	{"answers closes with a reason of 124 octets", closes(func([]byte) []frame {
		return closeWith(wire.NormalClosure, string(make([]byte, wire.MaxControl-1)))
	})},
	{"sends a message after its close", closes(func(payload []byte) []frame {
		return append(sameStatus(payload), one(wire.Text, []byte("one thing more"))...)
	})},
	{"sends its close twice", closes(func(payload []byte) []frame {
		return append(sameStatus(payload), sameStatus(payload)...)
	})},
	{"says goodbye before its close", closes(func(payload []byte) []frame {
		return append(one(wire.Text, []byte("goodbye")), sameStatus(payload)...)
	})},
	{"goes on after a close", func(p *peer) {
		p.close = func(payload []byte) {
			p.close = func([]byte) {} // a second close is nothing new
			for p.in.Buffered() > 0 && !p.over && p.turn() == nil {
			}
			if !p.over {
				p.closeHandshake(payload)
			}
		}
	}},
	{"fails the connection at a close between fragments", func(p *peer) {
		p.close = func(payload []byte) {
			if p.state.Fragmented {
				p.fail(wire.ProtocolError)
				return
			}
			p.closeHandshake(payload)
		}
	}},

	{"accepts any status", takesClose(func(code wire.StatusCode) bool { return !code.Sendable() })},
	{"accepts statuses below 1000", takesClose(func(code wire.StatusCode) bool { return code < 1000 })},
	{"accepts 1004", takesClose(func(code wire.StatusCode) bool { return code == 1004 })},
	{"accepts 1005", takesClose(func(code wire.StatusCode) bool { return code == wire.NoStatusReceived })},
	{"accepts 1006", takesClose(func(code wire.StatusCode) bool { return code == wire.AbnormalClosure })},
	{"accepts statuses from 1016 to 2999", takesClose(func(code wire.StatusCode) bool { return 1016 <= code && code < 3000 })},
	{"accepts statuses above 4999", takesClose(func(code wire.StatusCode) bool { return code > 4999 })},
	{"accepts a close of one octet", func(p *peer) {
		p.close = func(payload []byte) {
			if len(payload) == 1 {
				payload = closeWith(wire.NormalClosure, "")[0].payload
			}
			p.closeHandshake(payload)
		}
	}},
	{"accepts a reason that is not UTF-8", func(p *peer) {
		p.judgeClose = func(payload []byte) wire.StatusCode { return lawfulClose(payload[:min(len(payload), 2)]) }
	}},

	{"refuses a close without status", refusesClose(func(_ wire.StatusCode, _ []byte, ok bool) bool { return !ok })},
	{"refuses a reason", refusesClose(func(_ wire.StatusCode, reason []byte, _ bool) bool { return len(reason) > 0 })},
	{"refuses a reason above 100 octets", refusesClose(func(_ wire.StatusCode, reason []byte, _ bool) bool { return len(reason) > 100 })},
	{"refuses statuses other than 1000", refusesClose(func(code wire.StatusCode, _ []byte, ok bool) bool { return ok && code != 1000 })},
	{"refuses 1001 to 1003", refusesClose(func(code wire.StatusCode, _ []byte, _ bool) bool { return 1001 <= code && code <= 1003 })},
	{"refuses 1007 to 1011", refusesClose(func(code wire.StatusCode, _ []byte, _ bool) bool { return 1007 <= code && code <= 1011 })},
	{"refuses statuses of libraries", refusesClose(func(code wire.StatusCode, _ []byte, _ bool) bool { return 3000 <= code && code < 4000 })},
	{"refuses statuses of applications", refusesClose(func(code wire.StatusCode, _ []byte, _ bool) bool { return 4000 <= code })},

	{"closes with 1000 at what is unlawful", func(p *peer) {
		p.fail = func(wire.StatusCode) { p.failConnection(wire.NormalClosure) }
	}},
}

// lawful is what a peer may do, however few do it.
var lawful = []lie{
	{"fails by ending TCP", func(p *peer) { p.fail = func(wire.StatusCode) { p.over = true; p.endTCP() } }},
	{"fails by a reset", func(p *peer) { p.fail = func(wire.StatusCode) { p.reset() } }},
	{"answers in two fragments", answers(cut)},
	{"answers closes without a status", closes(func([]byte) []frame { return one(wire.Close, nil) })},
	{"answers closes with 1000", closes(func([]byte) []frame { return closeWith(wire.NormalClosure, "") })},
	{"answers closes with a reason", closes(func(payload []byte) []frame {
		if len(payload) < 2 {
			return sameStatus(payload)
		}
		return one(wire.Close, append(payload[:2:2], "as you say"...))
	})},
	{"pongs unasked after its close", closes(func(payload []byte) []frame {
		return append(sameStatus(payload), pong([]byte("heartbeat"))...)
	})},
	{"pings before it answers", answers(func(m message) []frame {
		return append(one(wire.Ping, []byte("are you there?")), same(m)...)
	})},
	{"pongs unasked before it answers", answers(func(m message) []frame {
		return append(pong([]byte("heartbeat")), same(m)...)
	})},
}

// unnoticed is longer than anybody waits for such a peer.
const unnoticed = 5 * time.Second

// closes is a lie about the answer to a close.
func closes(answer func(payload []byte) []frame) func(*peer) {
	return func(p *peer) { p.answer = answer }
}

// takesClose is a lie about statuses that no endpoint may send.
func takesClose(takes func(wire.StatusCode) bool) func(*peer) {
	return func(p *peer) {
		p.judgeClose = func(payload []byte) wire.StatusCode {
			if code, _, ok := wire.SplitClose(payload); ok && takes(code) {
				return 0
			}
			return lawfulClose(payload)
		}
	}
}

// refusesClose is a lie about closes that any endpoint may send.
func refusesClose(refuses func(code wire.StatusCode, reason []byte, ok bool) bool) func(*peer) {
	return func(p *peer) {
		p.judgeClose = func(payload []byte) wire.StatusCode {
			if refuses(wire.SplitClose(payload)) {
				return wire.ProtocolError
			}
			return lawfulClose(payload)
		}
	}
}

// wait leaves it to the other end to end TCP.
func (p *peer) wait() {
	p.over = true
	_, _ = io.Copy(io.Discard, p.conn)
}

// reset ends TCP in a reset.
func (p *peer) reset() {
	p.over = true
	if c, ok := p.conn.(interface{ SetLinger(seconds int) error }); ok {
		_ = c.SetLinger(0)
	}
}
