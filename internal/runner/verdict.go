package runner

import (
	"fmt"

	"wsprobe/internal/conformance"
)

// grade turns what the script, read strictly, has come to into the verdict that
// the case's level allows.
//
//	must, may      as it came: doing what is forbidden, refusing what is allowed
//	derived        at worst NON-STRICT: the RFC binds the sender, and says of the
//	should         receiver nothing, or nothing binding
//	acting         likewise, but as it came where the device acted on bad input
//	               as if it were valid: an echo, a pong, a 101
//	info           INFORMATIONAL, whatever came
//
// What the device does not implement is said at every level.
func (p *player) grade() {
	r, level := &p.result, p.profile.LevelOf(p.result.Case)
	switch {
	case r.Behavior == conformance.Unimplemented:
	case level == conformance.LevelInfo || p.inform:
		r.Behavior, r.BehaviorClose = conformance.Informational, conformance.Informational
		if r.Reason == "" {
			r.Reason = p.informed
		}
	case level == conformance.LevelActing && p.acted:
	default:
		r.Behavior = min(r.Behavior, worst(level))
		r.BehaviorClose = min(r.BehaviorClose, worst(level))
	}
}

// worst returns the worst verdict of a level.
func worst(level conformance.Level) conformance.Verdict {
	switch level {
	case conformance.LevelDerived, conformance.LevelActing, conformance.LevelShould:
		return conformance.NonStrict
	case conformance.LevelInfo:
		return conformance.Informational
	}
	return conformance.Failed
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
