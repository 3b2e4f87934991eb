package runner

import (
	"context"
	"errors"
	"os"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// player plays one script on one connection. It only ever waits in next.
type player struct {
	ctx     context.Context
	peer    Peer
	s       *Session
	options Options
	profile conformance.Profile
	within  time.Duration // for each answer, from the script; 0 is patience

	result   conformance.Result
	ending   conformance.Ending
	failed   bool   // the script is over; only the ending is still watched
	inform   bool   // the outcome is left open
	odd      []byte // the last message that was not the one that was wanted
	acted    bool   // the device acted on what is bad as if it were valid
	informed string // what became of the opening handshake, where that is left open
	departs  bool   // our half of the opening handshake is not the ordinary one
	partial  bool   // a frame of ours is not complete
	begun    bool   // a message of ours is not complete
	unlawful bool   // the device has sent a frame that no endpoint may send
	free     bool   // nothing is expected of the device: the script is met, not played
	mute     bool   // likewise: a wait for an event was in vain
	left     bool   // likewise: our direction of TCP is at its end
	untaken  bool   // likewise: a write of ours was not taken in time

	pings    [][]byte            // payloads of the pings that the script has sent and no pong has answered
	pongs    map[string]bool     // payloads of the pings and pongs that the script has sent
	awaiting []conformance.Frame // what the step wants, the next first
	deferred [][]byte            // payloads of pongs that must not go out while the step awaits the same
	drained  string              // what came unasked while an answer was due

	first  side   // who sent the first Close frame
	closed bool   // we have sent one
	heard  []byte // payload of the peer's Close frame
	end    string // how TCP ended; "" while it is up
	ours   bool   // we ended it
	rest   *event // what a step has left of an event
}

// side is one of the two ends of the connection, or neither.
type side uint8

const (
	nobody side = iota
	us
	them
)

func newPlayer(ctx context.Context, peer Peer, o Options) *player {
	return &player{ctx: ctx, peer: peer, options: o, profile: o.Profile, pongs: map[string]bool{}}
}

// contact is what became of a connection.
type contact uint8

const (
	unreached contact = iota // there was none
	cut                      // the device ended it, or was silent, without a Close frame or an HTTP response
	parted                   // otherwise
)

// play plays a script on a fresh connection.
func play(ctx context.Context, peer Peer, c conformance.Case, o Options) (result conformance.Result, became contact) {
	tape := newTape()
	p := newPlayer(ctx, peer, o)
	p.ending = c.Script.Ending()
	p.result = conformance.Result{
		Case: c, Started: tape.start, Health: conformance.Alive,
		Behavior: conformance.OK, BehaviorClose: conformance.OK,
	}
	opening := o.opening(string(c.ID), tape, c.Needs().Message+messageSlack)
	opening.observer = observer{o.observations, c.ID}
	became = p.play(opening)
	p.result.Took = time.Since(tape.start)
	p.result.Transcript = tape.transcript()
	return p.result, became
}

// messageSlack is how much longer than the longest message of a case one of
// the device's may be, in octets.
const messageSlack = 1 << 20

// play opens the connection, plays the script and sees the connection to its end.
func (p *player) play(o Opening) contact {
	script, err := p.open(o)
	if err != nil {
		p.refused(p.ending, err)
		if p.departs {
			p.grade()
		}
		switch {
		case err.Unreached:
			return unreached
		case err.Status == 0:
			return cut
		}
		return parted
	}
	defer p.s.close()
	p.unrefused()
	for _, step := range script {
		if _, end := step.(conformance.Ending); end || p.failed || !p.step(step) {
			break
		}
	}
	p.result.BehaviorClose = p.finish(p.ending)
	if p.ending.CodeMatters() && p.result.BehaviorClose == conformance.WrongCode {
		p.result.Behavior = conformance.Failed
	}
	p.grade()
	if p.heard == nil && p.end != "" && !p.ours {
		return cut
	}
	return parted
}

// step plays one step and reports whether to go on.
func (p *player) step(step conformance.Step) bool {
	switch step := step.(type) {
	case conformance.SendStep:
		p.send(step)
	case conformance.OctetsStep:
		step.Pace = p.options.paced(step.Pace)
		p.sent(p.s.sendOctets(p.ctx, step, p.silence(step.Octets.Len())))
	case conformance.AwaitStep:
		return p.await(step)
	case conformance.ReplyStep:
		return p.reply(step)
	case conformance.RallyStep:
		return p.rally(step)
	case conformance.QuietStep:
		d := p.options.scaled(step.For)
		if got, ok := p.next(d, d); ok {
			return p.fail("wanted silence for %v, got %v", step.For, got)
		}
	case conformance.FailFastStep:
		return p.failFast(step)
	case conformance.WithinStep:
		p.within = p.options.scaled(step.Limit)
	case conformance.InformStep:
		p.inform = true
	case conformance.StallStep:
		p.stall(p.options.scaled(step.For))
	case conformance.BesideStep:
		return p.beside(step)
	default:
		return p.watching(step)
	}
	return true
}

// send writes the frames of a step, and notes what that means for what comes.
func (p *player) send(step conformance.SendStep) {
	var size int
	for i, f := range step.Frames {
		size += f.Payload.Len()
		if !f.Opcode.IsControl() {
			p.begun = f.NotFin
		}
		switch f.Opcode {
		case wire.Ping:
			p.pings = append(p.pings, []byte(f.Payload.Octets()))
			p.pongs[f.Payload.Octets()] = true
		case wire.Pong:
			p.pongs[f.Payload.Octets()] = true
		case wire.Close:
			if p.begins(step, i) {
				p.closing()
			}
		}
		p.partial = f.Octets[1] > 0 && f.Octets[1] < f.Payload.Len()
	}
	step.Pace = p.options.paced(step.Pace)
	p.partial = p.partial || step.Upto > 0
	p.sent(p.s.send(p.ctx, step, p.silence(size)))
}

// sent notes if a write of ours was not taken. Nothing more can go out then, of
// a script that is met.
func (p *player) sent(err error) {
	if err == nil {
		return
	}
	p.s.tape.note(conformance.Noted, nil, "our write was not taken: %v", err)
	if p.free {
		p.failed, p.partial = true, true
		p.untaken = errors.Is(err, os.ErrDeadlineExceeded)
	}
}
