package runner

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// next returns the next event that counts. It gives up, with false, after
// within, or when no octet has gone either way for silence, or when the
// context ends.
//
// Pings are answered, as an endpoint must; what a device may say unasked,
// greetings and pongs to nothing, is passed over.
func (p *player) next(within, silence time.Duration) (event, bool) {
	p.drained = ""
	if p.rest != nil {
		e := *p.rest
		p.rest = nil
		return e, true
	}
	if p.end != "" {
		return event{kind: gotEnd, detail: p.end}, true
	}
	for began := time.Now(); ; {
		e, ok := p.s.inbox.take()
		if ok && p.counts(e) {
			p.note(e)
			return e, true
		}
		spent := time.Since(began)
		if within <= spent { // however much there is that does not count
			return event{}, false
		}
		if !ok && !p.wait(min(within-spent, silence-min(p.s.conn.silentFor(), spent))) {
			return event{}, false
		}
	}
}

// counts reports whether an event is for the script to judge, and does with it
// what an endpoint does if it is not.
func (p *player) counts(e event) bool {
	switch {
	case e.kind == gotControl && e.opcode == wire.Ping:
		p.answerPing(e.payload)
	case e.kind == gotControl && e.opcode == wire.Pong && p.unasked(e):
		p.drained = fmt.Sprintf("came an unasked %v", e)
	case e.kind == gotMessage && p.profile.Greets(e.payload) && !p.awaits(e):
	default:
		return true
	}
	return false
}

// wait waits for an event, at most d; false when the time is up.
func (p *player) wait(d time.Duration) bool {
	if d <= 0 {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.s.inbox.more:
		return true
	case <-timer.C:
		return true // whether it is really up is the caller's to find
	case <-p.ctx.Done():
		return false
	}
}

// note keeps what an event means for the closing handshake.
func (p *player) note(e event) {
	switch {
	case e.kind == gotEnd:
		p.end = e.detail
	case e.kind == gotUnlawful:
		p.unlawful = true
	case e.kind == gotControl && e.opcode == wire.Close && p.heard == nil:
		p.heard = append([]byte{}, e.payload...)
		if p.first == nobody {
			p.first = them
		}
		if code, _, ok := wire.SplitClose(e.payload); ok {
			p.result.RemoteClose = &code
		}
	}
}

// awaits reports whether e is what the step wants next.
func (p *player) awaits(e event) bool { return len(p.awaiting) > 0 && e.is(p.awaiting[0]) }

// unasked reports whether a pong answers nothing of ours. What it carries must
// be something that the script has sent, or look like an answer to a ping that
// is still open: cut short, or of its length. A heartbeat of the device's is
// neither (RFC 6455 §5.5.3).
func (p *player) unasked(pong event) bool {
	if p.pongs[string(pong.payload)] {
		return false
	}
	return !slices.ContainsFunc(p.pings, func(ping []byte) bool {
		return len(ping) == len(pong.payload) || bytes.HasPrefix(ping, pong.payload) && len(pong.payload) > 0
	})
}

// answered notes that a pong was the answer to a ping, which is then no longer open.
func (p *player) answered(pong event) {
	if i := slices.IndexFunc(p.pings, func(ping []byte) bool { return bytes.Equal(ping, pong.payload) }); i >= 0 {
		p.pings = slices.Delete(p.pings, i, i+1)
	}
}

// answerPing sends a pong, "unless it already received a Close frame" (RFC 6455
// §5.5.2) and unless we have sent one. A pong of the payload that the step
// awaits goes out when the step is over: a device that reflects our frames
// must not pass by our own answer.
func (p *player) answerPing(payload []byte) {
	if p.closed || p.heard != nil || p.partial {
		return
	}
	for _, f := range p.awaiting {
		if f.Opcode == wire.Pong && f.Payload.Equal(payload) {
			p.deferred = append(p.deferred, payload)
			return
		}
	}
	p.pong(payload)
}

func (p *player) pong(payload []byte) {
	pong := conformance.Pong(string(payload))
	p.s.send(p.ctx, conformance.SendStep{Frames: []conformance.Frame{pong}}, p.options.patience())
}

// sendDeferred sends the pongs that had to wait for the end of the step.
func (p *player) sendDeferred() {
	p.awaiting = nil
	for _, payload := range p.deferred {
		p.pong(payload)
	}
	p.deferred = nil
}
