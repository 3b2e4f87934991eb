package runner

import (
	"net"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// watching plays a step that watches what the device does of itself.
func (p *player) watching(step conformance.Step) bool {
	switch step := step.(type) {
	case conformance.UnansweredStep:
		d := p.options.scaled(step.For)
		if got, ok := p.next(d, d); ok && !got.over() {
			p.acted = true
			return p.fail("wanted no answer within %v, got %v", step.For, got)
		}
	case conformance.TolerateStep:
		return p.tolerate(step)
	case conformance.StillThereStep:
		return p.stillThere()
	case conformance.OpenStep:
		return p.isOpen()
	case conformance.HalfCloseStep:
		p.s.halfClose()
	case conformance.ObeyStep:
		return p.obey(step.Row)
	}
	return true
}

// tolerate wants the connection to be failed, and else the right answers.
func (p *player) tolerate(step conformance.TolerateStep) bool {
	got, ok := p.next(p.options.patience(), p.options.patience())
	if ok && got.over() {
		p.ending = conformance.MustFail(step.Code)
		return false
	}
	if ok {
		p.rest = &got
	}
	p.worsen(conformance.NonStrict, "the device did not fail the connection with %d", step.Code)
	return p.reply(conformance.ReplyStep{Messages: step.Messages})
}

// stillThere pings, and waits for the pong behind whatever the device has to say
// before it, which may be long.
func (p *player) stillThere() bool {
	want := conformance.Ping(barrier)
	p.send(conformance.SendStep{Frames: []conformance.Frame{want}})
	within, silence := p.limit(p.s.limit)
	for deadline := time.Now().Add(within); ; {
		got, ok := p.next(time.Until(deadline), silence)
		switch {
		case ok && got.kind == gotControl && got.opcode == wire.Pong:
			return true
		case ok && (got.kind == gotMessage || got.kind == gotTooMuch):
		default:
			return p.missed(conformance.Pong(barrier), got, ok, silence)
		}
	}
}

// isOpen pings, and wants the connection not to end over it. Anything that comes
// shows that it is open; if nothing does, the closing handshake will tell.
func (p *player) isOpen() bool {
	got, ok := p.asked()
	if !ok || !got.over() {
		return true
	}
	return p.missed(phrase("an open connection"), got, ok, 0)
}

// phrase is what is wanted, in words.
type phrase string

func (s phrase) String() string { return string(s) }

// obey judges the device's half of the opening handshake by one row.
func (p *player) obey(row string) bool {
	for _, v := range p.s.violations() {
		if v.Row == row {
			return p.fail("%v (%s)", v, v.Clause)
		}
	}
	return true
}

// violations returns what is wrong with the device's half of the handshake.
func (s *Session) violations() []handshake.Violation {
	if s.role == wire.Client {
		return handshake.CheckResponse(s.Response, s.Request)
	}
	found := handshake.CheckRequest(s.Request)
	if tcp, ok := s.conn.LocalAddr().(*net.TCPAddr); ok {
		found = append(found, handshake.PortMissing(s.Request, tcp.Port, s.conn.usualPort())...)
	}
	if s.early > 0 {
		found = append(found, handshake.Violation{Row: "CRQ-15", Clause: "RFC 6455 §4.1",
			Detail: "octets came before our response"})
	}
	return found
}
