package runner

import (
	"context"
	"time"
	"unicode/utf16"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// reply waits for what the device answers to messages, as its profile says.
func (p *player) reply(step conformance.ReplyStep) bool {
	for i, message := range step.Messages {
		answer, want := p.profile.AnswerTo(message)
		var ok bool
		switch answer {
		case conformance.AnswerStream:
			return p.stream(step.Optional, step.Messages[i:])
		case conformance.AnswerNone:
			ok = p.alive(step.Optional, message)
		default:
			ok = p.message(step.Optional, want)
		}
		if !ok {
			return false
		}
	}
	return true
}

// rally sends messages, each when the one before has been answered; while the
// device is at that, the next is compressed. A device without an answer is asked
// once, after the last.
func (p *player) rally(step conformance.RallyStep) bool {
	if most := p.options.Messages; most > 0 {
		step.Count = min(step.Count, most)
	}
	sent, due := 0, conformance.ReplyStep{}
	for message := range step.Messages() {
		compressed := p.compress(message, step.Blocks)
		if !p.reply(due) {
			return false
		}
		p.sendMessage(message, compressed, step.Fragment)
		sent++
		due.Messages = nil
		if answer, _ := p.profile.AnswerTo(message); answer != conformance.AnswerNone || sent == step.Count {
			due.Messages = []conformance.Frame{message}
		}
	}
	return p.reply(due)
}

// compress returns a message as it is to be sent where compression is agreed
// on, else nil. What it returns is valid until the next call.
func (p *player) compress(message conformance.Frame, kind conformance.Blocks) []byte {
	if p.s.deflation == nil || message.Opcode.IsControl() {
		return nil
	}
	return p.s.deflation.compress(message, kind)
}

// sendMessage sends a message, or what it was compressed to.
func (p *player) sendMessage(message conformance.Frame, compressed []byte, fragment int) {
	if compressed == nil {
		p.send(conformance.SendStep{Frames: []conformance.Frame{message}, Fragment: fragment})
		return
	}
	p.sent(p.s.sendDeflated(message, compressed, fragment, p.silence(message.Payload.Len())))
}

// message waits for one message.
func (p *player) message(optional bool, want conformance.Frame) bool {
	p.awaiting = []conformance.Frame{want}
	within, silence := p.limit(want.Payload.Len())
	got, ok := p.next(within, silence)
	p.awaiting = nil
	switch {
	case ok && got.is(want):
		p.s.recycle(got.payload)
		return true
	case ok && optional && got.over():
		return p.failedFirst(got)
	}
	if ok && miscounted(want, got) {
		return p.fail("wanted %s, got %v, as many octets as the text has characters", brief(want), got)
	}
	if ok && got.kind == gotMessage {
		p.odd, got.detail = got.payload, Apart(got.payload, []byte(want.Payload.Octets()))
	}
	return p.missed(want, got, ok, silence)
}

// miscounted reports whether the device has sent the beginning of a text for the
// whole because it counts characters, by code points or by units of UTF-16, where
// the length of a frame is one of octets (RFC 6455 §5.2).
func miscounted(want conformance.Frame, got event) bool {
	if want.Opcode != wire.Text || got.kind != gotMessage || !isPart(want.Payload, 0, got.payload) {
		return false
	}
	text := []rune(string(want.Payload.Append(nil, 0, want.Payload.Len())))
	return len(got.payload) < want.Payload.Len() && (len(got.payload) == len(text) || len(got.payload) == len(utf16.Encode(text)))
}

// stream waits for the octets of messages, in any frames: the device knows no
// borders between messages.
func (p *player) stream(optional bool, messages []conformance.Frame) bool {
	for _, want := range messages {
		within, silence := p.limit(want.Payload.Len())
		deadline := time.Now().Add(within)
		for have := 0; have < want.Payload.Len(); {
			got, ok := p.next(time.Until(deadline), silence)
			switch {
			case ok && got.kind == gotMessage && len(got.payload) == 0:
				ok = time.Now().Before(deadline) // no octets: they do not show in a stream
				if !ok {
					return p.missed(want, got, ok, silence)
				}
			case ok && got.kind == gotMessage && isPart(want.Payload, have, got.payload):
				have += len(got.payload)
			case ok && got.kind == gotMessage && len(messages) > 1 && len(got.payload) > want.Payload.Len()-have:
				rest := want.Payload.Len() - have // the next message begins in the same frame
				if !isPart(want.Payload, have, got.payload[:rest]) {
					return p.missed(want, got, ok, silence)
				}
				have += rest
				got.payload = got.payload[rest:]
				p.rest = &got
			case ok && optional && got.over():
				return p.failedFirst(got)
			default:
				return p.missed(want, got, ok, silence)
			}
		}
	}
	return true
}

// barrier is the payload of pings and messages that only ask whether the device
// still takes frames.
const barrier = "still there?"

// alive finds out whether a device without an answer is well after a message:
// it pongs, or it takes a new connection.
func (p *player) alive(optional bool, message conformance.Frame) bool {
	p.send(conformance.SendStep{Frames: []conformance.Frame{conformance.Ping(barrier)}})
	for deadline := time.Now().Add(p.options.patience()); ; {
		got, ok := p.next(time.Until(deadline), p.options.patience())
		switch {
		case (!ok || got.kind == gotMessage && time.Now().After(deadline)) && p.s.role == wire.Server:
			return true // whether it is well shows in whether it comes back
		case !ok || got.kind == gotMessage && time.Now().After(deadline):
			if h := NewWatch(p.peer, p.options).visit(p.ctx).health; h != conformance.Alive && h != conformance.Slow {
				return p.fail("after %v the device took no new connection", brief(message))
			}
			return true
		case got.kind == gotControl && got.opcode == wire.Pong:
			return true // whatever it carries: that is for other cases
		case got.kind == gotMessage:
			continue // a device without an answer may still speak
		case optional && got.over():
			return true // of a device without an answer none can be out
		default:
			return p.missed(message, got, ok, p.options.patience())
		}
	}
}

// stall reads nothing for a while.
func (p *player) stall(d time.Duration) {
	token := <-p.s.gate
	p.pause(d)
	p.s.gate <- token
}

// pause spends time, at most until the context ends.
func (p *player) pause(d time.Duration) { pause(p.ctx, d) }

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// beside plays a script on further connections while this one is held.
func (p *player) beside(step conformance.BesideStep) bool {
	results := make(chan conformance.Result)
	for i := range step.Count {
		c := p.result.Case
		c.ID += conformance.ID(string(rune('a' + i%26)))
		c.Script = step.Script
		go func() {
			r, _ := play(p.ctx, p.peer, c, p.options)
			results <- r
		}()
	}
	good := true
	for range step.Count {
		r := <-results
		// What this connection has, one beside it has too.
		missing := r.Behavior == conformance.Unimplemented && p.s.deflation != nil
		if good && (r.Worse() > conformance.NonStrict || missing) {
			good = p.fail("on a connection beside: %s", r.Reason)
		}
	}
	return good
}
