package runner

import (
	"bytes"
	"context"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// endReset and the other ends of TCP that matter, in words.
const (
	endReset = "a reset"
	endOurs  = "our own end of TCP"

	endOurReset = "our own reset"
)

// Meet opens a connection to the device and plays a script on it without
// expectations: it sends what the script sends, and takes whatever comes. A step
// that wants an answer waits for any one event, or for patience, and once a wait
// was in vain none is waited for any more. Pings are answered, as an endpoint
// must.
//
// It ends by evidence. A Close frame of ours is answered, or the device ends
// TCP; where a frame of ours is not complete, or the script ends with a drop,
// our direction of TCP ends and the device ends the other. What it does not do
// within patience Meet does: then the encounter's end is ours. A reset leaves at
// once, and nothing more is learnt.
//
// Keys are drawn from the options' Seed and Name.
func Meet(ctx context.Context, peer Peer, script conformance.Script, o Options) Encounter {
	began := time.Now()
	p := newPlayer(ctx, peer, o)
	p.free = true
	p.result.Case.Script = script
	p.ending = script.Ending()
	var tape *tape
	if o.Transcript {
		tape = newTape()
	}
	opening := o.opening(o.Name, tape, script.Needs().Message+messageSlack)
	opening.minutes = &minutes{began: began}
	e := p.meet(opening)
	e.Waited, e.Took = opening.minutes.began.Sub(began), time.Since(began)
	e.Transcript = tape.transcript()
	return e
}

// meet opens the connection, plays the script and sees the connection to its end.
func (p *player) meet(o Opening) (e Encounter) {
	script, err := p.open(o)
	if err != nil {
		e.Refusal, e.End, e.Reset = err, err.Reason, err.Reset
		e.Response = err.Response
	} else {
		e.Beside = p.freely(script)
		p.part()
		p.s.close()
		p.s.reading.Wait()
		e.End, e.Reset, e.Ours, e.Left, e.Untaken = p.end, p.end == endReset || p.end == endOurReset, p.ours, p.left, p.untaken
		e.First = p.first == them
		e.Response = p.s.Response
	}
	o.minutes.tell(&e)
	return e
}

// tell puts the minutes into an encounter.
func (m *minutes) tell(e *Encounter) {
	e.Writes, e.Heard, e.More = m.writes, m.heard, m.more
	s := m.session
	if s == nil {
		return // there was not even TCP
	}
	e.Request = s.Request
	if s.deflation != nil {
		e.Deflated, e.Client, e.Server = true, s.deflation.agreed.client, s.deflation.agreed.server
	}
}

// freely plays steps until the end of the script, or of the connection.
func (p *player) freely(script conformance.Script) (beside []Encounter) {
	for _, step := range script {
		if p.failed || p.end != "" || p.heard != nil {
			return beside
		}
		switch step := step.(type) {
		case conformance.AwaitStep:
			p.sync(0)
		case conformance.ReplyStep:
			p.sync(octetsOf(step.Messages))
		case conformance.TolerateStep:
			p.sync(octetsOf(step.Messages))
		case conformance.FailFastStep:
			p.next(p.options.scaled(step.Within), p.options.scaled(step.Within))
		case conformance.UnansweredStep:
			p.next(p.options.scaled(step.For), p.options.scaled(step.For))
		case conformance.RallyStep:
			p.volley(step)
		case conformance.OpenStep:
			p.send(conformance.SendStep{Frames: []conformance.Frame{conformance.Ping(barrier)}})
			p.sync(0)
		case conformance.HalfCloseStep:
			p.leave()
		case conformance.BesideStep:
			beside = append(beside, p.meetBeside(step)...)
		case conformance.ObeyStep, conformance.Ending:
		default:
			p.step(step)
		}
	}
	return beside
}

// sync waits for any one event after messages of so many octets.
func (p *player) sync(octets int) {
	if p.mute {
		return
	}
	_, ok := p.next(p.limit(octets))
	p.mute = !ok
}

func octetsOf(messages []conformance.Frame) (n int) {
	for _, m := range messages {
		n += m.Payload.Len()
	}
	return n
}

// volley sends the messages of a rally, each after any one event.
func (p *player) volley(step conformance.RallyStep) {
	if most := p.options.Messages; most > 0 {
		step.Count = min(step.Count, most)
	}
	for message := range step.Messages() {
		if p.failed || p.end != "" || p.heard != nil {
			return
		}
		p.sendMessage(message, p.compress(message, step.Blocks), step.Fragment)
		p.sync(message.Payload.Len())
	}
}

// meetBeside meets a script on further connections while this one is held.
func (p *player) meetBeside(step conformance.BesideStep) []Encounter {
	met := make(chan Encounter)
	for i := range step.Count {
		o := p.options
		o.Name += string(rune('a' + i%26))
		go func() { met <- Meet(p.ctx, p.peer, step.Script, o) }()
	}
	var all []Encounter
	for range step.Count {
		all = append(all, <-met)
	}
	return all
}

// part sees the connection of a script that is met to its end.
func (p *player) part() {
	switch {
	case p.ending.Kind == conformance.EndReset && p.end == "":
		p.s.reset()
		p.left, p.end = true, endOurReset
	case p.first != nobody || p.end != "" || p.left:
	case p.ending.Kind == conformance.EndDrop || p.partial:
		p.leave()
	case p.ending.Kind == conformance.EndFail && !p.mute:
		if got, ok := p.next(p.limit(0)); ok && got.over() {
			break
		}
		fallthrough
	default:
		p.close(p.farewell())
	}
	p.watch()
}

// begins reports whether the Close frame that is the i'th of a step begins the
// closing handshake. Where it is a fault it does not, and one of which a part never
// goes out nobody can answer.
func (p *player) begins(step conformance.SendStep, i int) bool {
	if !p.free {
		return p.ending.Kind != conformance.EndFail
	}
	out := 0
	for _, f := range step.Frames[:i+1] {
		from, to := 0, f.Payload.Len()
		if f.Octets[1] > 0 {
			from, to = f.Octets[0], f.Octets[1]
		}
		if out += to - from; from == 0 {
			out += f.Header(p.s.role, [4]byte{}).Size()
		}
	}
	f := step.Frames[i]
	last := f.Octets[1] == 0 || f.Octets[1] == f.Payload.Len()
	return last && (step.Upto == 0 || out <= step.Upto) && !claimsMore(f, p.s.role)
}

// claimsMore reports whether the header of a frame, as it is read, says that more
// comes than does.
func claimsMore(f conformance.Frame, role wire.Role) bool {
	h, err := wire.ReadHeader(bytes.NewReader(f.Header(role, [4]byte{}).Append(nil)))
	return err != nil || h.Length > uint64(f.Payload.Len())
}

// farewell is the Close frame that a script ends with, or one without a status,
// that the device could be blamed for giving back.
func (p *player) farewell() conformance.Frame {
	if p.ending.Kind == conformance.EndClose {
		return conformance.Close(p.ending.Codes[0])
	}
	return conformance.RawClose("")
}

// leave ends our direction of TCP, or where the transport cannot do that, both.
// Nothing can go out any more.
func (p *player) leave() {
	p.left, p.partial = true, true
	if !p.s.halfClose() {
		p.s.close()
	}
}
