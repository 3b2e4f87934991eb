package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
		if p.refused(p.ending, err); p.departs {
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

// open takes the opening steps from the script and opens the connection.
func (p *player) open(o Opening) (rest conformance.Script, err *OpenError) {
	script := p.result.Case.Script
	for len(script) > 0 && conformance.IsOpening(script[0]) {
		switch step := script[0].(type) {
		case conformance.RequestStep:
			o.Edits, o.Pace, p.departs = step.Edits, p.options.paced(step.Pace), true
		case conformance.ResponseStep:
			o.Edits, o.Pace, p.departs = step.Edits, p.options.paced(step.Pace), true
		case conformance.TogetherStep:
			o.Together, p.departs = step.Frames, true
		case conformance.DeflateStep:
			o.Deflate = step.Offers
		case conformance.OfferedStep:
			o.Offered = &step
		}
		script = script[1:]
	}
	o.Parting = partingOf(script, p.ending)
	if p.ending.Kind == conformance.EndLetGo {
		o.LetGo = p.options.patience()
	}
	p.s, err = p.peer.Open(p.ctx, o)
	switch {
	case err != nil:
	case p.s.unoffered != "":
		p.unimplemented(p.s.unoffered)
	case p.free: // whatever was negotiated
	case o.Deflate != nil && p.s.deflation == nil:
		p.unimplemented("permessage-deflate was not negotiated")
	}
	return script, err
}

// unimplemented ends a script that is about what the device does not have: there
// is nothing that it should fail over.
func (p *player) unimplemented(reason string) {
	p.result.Behavior, p.failed = conformance.Unimplemented, true
	p.result.Reason = reason
	p.ending = conformance.CloseNormally()
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

// closing notes that we send a Close frame.
func (p *player) closing() {
	if p.first == nobody {
		p.first = us
	}
	p.closed = true
}

// silence returns how long no octet may go either way while a message of that
// size is answered: patience for each MiB. A device that is slow, but at work,
// is waited for; one that has no answer is not.
func (p *player) silence(octets int) time.Duration {
	if p.s.deflation != nil { // and for each 64 KiB: not an octet goes out before all are inflated and compressed
		octets <<= 4
	}
	return p.options.patience() * time.Duration(1+octets>>20)
}

// await waits for control frames, in order.
func (p *player) await(step conformance.AwaitStep) bool {
	defer p.sendDeferred()
	p.awaiting = step.Frames
	for len(p.awaiting) > 0 {
		want := p.awaiting[0]
		got, ok := p.next(p.limit(0))
		switch {
		case ok && got.kind == gotControl && got.opcode == want.Opcode && want.Payload.Equal(got.payload):
			p.awaiting = p.awaiting[1:]
			p.answered(got)
		case ok && step.Optional && got.over():
			return p.failedFirst(got)
		default:
			return p.missed(want, got, ok, p.options.patience())
		}
	}
	return true
}

// limit returns how long an answer of that size may take in all, and in silence.
func (p *player) limit(octets int) (within, silence time.Duration) {
	silence = p.silence(octets)
	return max(p.within, silence), silence
}

// failFast ends the script if the peer fails the connection in time.
func (p *player) failFast(step conformance.FailFastStep) bool {
	d := p.options.scaled(step.Within)
	got, ok := p.next(d, d)
	switch {
	case !ok:
		p.worsen(conformance.NonStrict, "the connection was not failed within %v of the bad octet", step.Within)
		return true
	case got.over():
		p.ending = conformance.MustFail(step.Code)
		return false
	}
	return p.fail("wanted the connection to be failed with %d, got %v", step.Code, got)
}

// failedFirst leaves the end to the ending: the peer has failed the connection
// before it answered.
func (p *player) failedFirst(got event) bool {
	p.worsen(conformance.NonStrict, "the connection was failed before the answer was out: %v", got)
	return true
}

// missed fails the case for something else, or nothing, instead of want.
func (p *player) missed(want fmt.Stringer, got event, ok bool, waited time.Duration) bool {
	switch {
	case !ok || !got.over():
	case p.ending.Kind == conformance.EndMayFail:
		return false // the ending tells
	case p.ending.Kind == conformance.EndShouldNotFail:
		p.worsen(conformance.NonStrict, "the connection was failed: %v", got)
		return false
	}
	drained := ""
	if p.drained != "" {
		drained = " (before it " + p.drained + ")"
	}
	if !ok {
		if part := p.s.unfinished(); part != "" {
			drained = " but " + part + drained
		}
		return p.fail("wanted %s, got nothing within %v%s", brief(want), waited.Round(time.Millisecond), drained)
	}
	return p.fail("wanted %s, got %v%s", brief(want), got, drained)
}

// fail makes the case FAILED and the rest of the script void.
func (p *player) fail(format string, args ...any) bool {
	p.worsen(conformance.Failed, format, args...)
	p.failed = true
	return false
}

// worsen makes the behavior at least as bad as v; the first reason for the
// worst verdict stays.
func (p *player) worsen(v conformance.Verdict, format string, args ...any) {
	if v > p.result.Behavior && !p.free {
		p.result.Behavior, p.result.Reason = v, fmt.Sprintf(format, args...)
	}
}

// brief puts a frame into words of bounded length.
func brief(f fmt.Stringer) string {
	const most = 200
	if s := f.String(); len(s) <= most {
		return s
	} else {
		return s[:most] + "…"
	}
}

// over reports whether the connection is at its end: a Close frame, or less.
func (e event) over() bool {
	return e.kind == gotEnd || e.kind == gotControl && e.opcode == wire.Close
}

// String puts the event into words of bounded length.
func (e event) String() string {
	const most = 100 // octets of payload
	if e.kind != gotMessage && e.kind != gotControl {
		return e.detail
	}
	f := conformance.Frame{Opcode: e.opcode}
	if repeated, ok := conformance.FindRepetition(e.payload); ok && len(e.payload) > most {
		f.Payload = repeated
		return f.String()
	}
	f.Payload = conformance.Literal(string(e.payload[:min(len(e.payload), most)]))
	if len(e.payload) > most {
		return fmt.Sprintf("%v… (%d octets)", f, len(e.payload))
	}
	return f.String()
}

// is reports whether e is exactly this message.
func (e event) is(want conformance.Frame) bool {
	return e.kind == gotMessage && e.opcode == want.Opcode && want.Payload.Equal(e.payload)
}

// isPart reports whether octets begin or continue want at offset.
func isPart(want conformance.Payload, offset int, octets []byte) bool {
	to := offset + len(octets)
	return to <= want.Len() && bytes.Equal(want.Append(nil, offset, to), octets)
}
