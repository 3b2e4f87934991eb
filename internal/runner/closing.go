package runner

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// finish sees the connection to its end and returns BehaviorClose.
func (p *player) finish(e conformance.Ending) conformance.Verdict {
	switch e.Kind {
	case conformance.EndReset:
		p.s.reset()
		return conformance.OK
	case conformance.EndDrop:
		p.s.close()
		return conformance.OK
	}
	if e.LetsFail() {
		e = p.mayFail(e)
	}
	if p.first == nobody && p.end == "" {
		p.begin(e)
	}
	p.watch()
	verdict, reason := p.judge(e)
	p.explain(e, reason)
	return verdict
}

// mayFail returns the ending that has come about where the peer may fail the
// connection.
func (p *player) mayFail(e conformance.Ending) conformance.Ending {
	if p.first == nobody && p.end == "" {
		return conformance.CloseNormally()
	}
	return conformance.MustFail(e.Codes...)
}

// begin begins to close, or gives the peer the time to do so where it must.
func (p *player) begin(e conformance.Ending) {
	switch {
	case e.Kind == conformance.EndClose && !p.failed:
		p.close(conformance.Close(e.Codes[0]))
		return
	case e.Kind == conformance.EndFail && !p.failed:
		p.awaitFailure(e)
	case e.Kind == conformance.EndFail:
		p.ask()
	}
	if p.first == nobody && p.end == "" {
		p.close(conformance.RawClose("")) // no status: none that the device could be blamed for giving back
	}
}

// close sends a Close frame.
func (p *player) close(f conformance.Frame) {
	p.closing()
	if p.partial { // it would be taken for payload
		p.drop()
		return
	}
	p.send(conformance.SendStep{Frames: []conformance.Frame{f}})
}

// closing notes that we send a Close frame.
func (p *player) closing() {
	if p.first == nobody {
		p.first = us
	}
	p.closed = true
}

// awaitFailure gives the peer patience to fail the connection.
func (p *player) awaitFailure(e conformance.Ending) {
	within, _ := p.limit(0)
	got, ok := p.next(within, within)
	switch {
	case !ok && slices.Contains(e.Codes, wire.InvalidPayload):
		// Nothing says that the text was refused, so it was taken: FAILED in
		// both columns. For other faults the silence itself is no wrong answer,
		// and only BehaviorClose tells.
		p.fail("wanted the device to fail the connection, it stayed open for %v", within)
	case ok && !got.over():
		p.acted = got.kind != gotUnlawful
		p.fail("wanted the device to fail the connection, got %v", got)
		p.ask()
	}
}

// ask pings and sends a message, to learn whether a device that gave a wrong
// answer fails the connection all the same: frames are taken in order, so an
// answer to either says no. Not every device pongs. After an unlawful frame it is
// for us to fail the connection (RFC 6455 §7.1.7).
func (p *player) ask() {
	if p.partial || p.first != nobody || p.end != "" || p.unlawful {
		return
	}
	frames := []conformance.Frame{conformance.Ping(barrier)}
	if !p.begun {
		frames = append(frames, conformance.Text(barrier))
	}
	p.send(conformance.SendStep{Frames: frames})
	for deadline := time.Now().Add(p.options.patience()); ; {
		got, ok := p.next(time.Until(deadline), p.options.patience())
		if !ok || got.kind != gotMessage || bytes.Contains(got.payload, []byte(barrier)) || time.Now().After(deadline) {
			return
		}
	}
}

// watch sees the closing handshake through, and TCP down.
func (p *player) watch() {
	patience := p.options.patience()
	deadline := time.Now().Add(closingPatience * patience)
	for p.end == "" {
		if p.heard != nil && !p.closed {
			p.answerClose()
		}
		if p.heard != nil && p.s.role == wire.Server {
			p.s.halfClose() // "the server MUST close the connection immediately" (RFC 6455 §7.1.1)
		}
		got, ok := p.next(patience, patience)
		switch {
		case !ok || time.Now().After(deadline):
			p.drop()
		case got.over():
		case p.ending.Kind == conformance.EndMayFail && (got.kind == gotMessage || got.kind == gotTooMuch):
			// Not what was asked. A device that compresses beside its reading may
			// say it behind its pongs, one that streams in the middle of a message.
		case got.kind == gotUnlawful || got.kind == gotTooMuch:
			p.worsen(conformance.Failed, "the device sent %v", got)
			switch {
			case p.free && (p.closed || p.partial): // whatever else it says is heard too
			case p.closed:
				p.drop()
			default:
				p.close(conformance.Close(wire.ProtocolError))
			}
		default:
			p.worsen(conformance.Failed, "wanted nothing but the end, got %v", got)
		}
	}
}

// answerClose completes the closing handshake that the peer has begun: "the
// endpoint typically echos the status code it received" (RFC 6455 §5.5.1).
func (p *player) answerClose() {
	p.closed = true
	if !p.partial { // else it would be taken for payload
		p.send(conformance.SendStep{Frames: []conformance.Frame{conformance.RawClose(string(p.heard))}})
	}
}

// drop ends TCP because the device does not.
func (p *player) drop() {
	p.ours, p.end = true, endOurs
	p.s.tape.note(conformance.Noted, nil, "we end TCP, for the device does not")
	p.s.close()
}

// judge decides BehaviorClose as Autobahn does: first who began, then whether
// it was clean, then the status, then who had to end TCP.
func (p *player) judge(e conformance.Ending) (conformance.Verdict, string) {
	switch {
	case e.PeerBegins() && p.first == us:
		return conformance.Failed, "the device did not fail the connection"
	case !e.PeerBegins() && p.first == them:
		return conformance.Failed, "the device began to close, with " + closeText(p.heard)
	case !e.PeerBegins() && p.first == nobody:
		return conformance.Failed, "the device left without a Close frame: " + p.end
	case e.Clean() && p.heard == nil:
		return conformance.Unclean, fmt.Sprintf("our Close frame was not answered: %s", p.end)
	case e.Clean() && p.ours && p.s.role == wire.Client:
		return conformance.Unclean, "after both Close frames the device did not end TCP"
	case p.wrongCode(e):
		return conformance.WrongCode, fmt.Sprintf("wanted status %s, got %s", codesText(e.Codes), closeText(p.heard))
	case p.ours && p.s.role == wire.Client:
		return conformance.FailedByClient, "the device did not end TCP"
	}
	return conformance.OK, ""
}

// wrongCode reports whether the peer gave a status that is not listed. None is
// always fine, and any if none is listed.
func (p *player) wrongCode(e conformance.Ending) bool {
	code, _, ok := wire.SplitClose(p.heard)
	if len(p.heard) == 1 {
		return true // neither none nor one: a status is two octets (RFC 6455 §5.5.1)
	}
	return ok && len(e.Codes) > 0 && !slices.Contains(e.Codes, code)
}

// explain adds why the connection ended as it did to the reason, unless that
// says it already.
func (p *player) explain(e conformance.Ending, reason string) {
	switch {
	case reason == "", e.PeerBegins() && p.first == us && p.result.Behavior == conformance.Failed:
	case p.result.Reason == "":
		p.result.Reason = reason
	default:
		p.result.Reason += "; " + reason
	}
}

func closeText(payload []byte) string {
	switch code, reason, ok := wire.SplitClose(payload); {
	case !ok:
		return "a Close frame without status"
	case len(reason) > 0:
		return fmt.Sprintf("close %d %v", code, conformance.Literal(string(reason)))
	default:
		return fmt.Sprintf("close %d", code)
	}
}

func codesText(codes []wire.StatusCode) string {
	text := ""
	for i, code := range codes {
		if i > 0 {
			text += " or "
		}
		text += fmt.Sprint(code)
	}
	return text
}
