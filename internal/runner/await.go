package runner

import (
	"fmt"
	"time"

	"wsprobe/internal/conformance"
)

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

// failedFirst leaves the end to the ending: the peer has failed the connection
// before it answered.
func (p *player) failedFirst(got event) bool {
	p.worsen(conformance.NonStrict, "the connection was failed before the answer was out: %v", got)
	return true
}

// limit returns how long an answer of that size may take in all, and in silence.
func (p *player) limit(octets int) (within, silence time.Duration) {
	silence = p.silence(octets)
	return max(p.within, silence), silence
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
