package runner

import "wsprobe/internal/conformance"

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
