package fuzzing

import (
	"context"
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// What is wrong with a device that is not well after an input.
const (
	ruleAway   = "the device goes away"
	ruleHang   = "no new connection is served"
	ruleCanary = "the connections beside are lost"
	ruleAfter  = "afterwards: " // and what the known-good exchange broke
)

// knownGood is an exchange that any device bears: a ping, and a message unless
// the device has no answer to one.
func (r *run) knownGood(n int) conformance.Script {
	text := conformance.Text(fmt.Sprintf("all well after %d?", n))
	if answer, _ := r.Options.Profile.AnswerTo(text); answer == conformance.AnswerNone {
		return conformance.Script{conformance.Send(conformance.Ping("well?")), conformance.Must(conformance.Pong("well?")), conformance.CloseNormally()}
	}
	return conformance.Script{conformance.Send(text), conformance.Reply(text), conformance.CloseNormally()}
}

// exchange has the known-good exchange with the device, and returns what that
// broke, and how long it took in seconds.
func (r *run) exchange(ctx context.Context, n int) ([]Breach, float64) {
	began := time.Now()
	e := r.meet(ctx, fmt.Sprintf("after %d", n), r.knownGood(n))
	took := time.Since(began).Seconds()
	var after []Breach
	if e.Refusal != nil {
		if after, e = r.unserved(ctx, e); e.Refusal != nil {
			return after, took
		}
	}
	after = append(after, r.late(e)...)
	for _, b := range Judge(e, r.device, r.Options.Profile) {
		if b.Kind != conformance.KindLenient {
			b.Rule = ruleAfter + b.Rule
			after = append(after, b)
		}
	}
	if !r.Watch.Beside(ctx) {
		after = append(after, Breach{conformance.KindDown, ruleCanary, "a connection that was held open beside has ended"})
	}
	return after, took
}

// Of a device that took a connection and dropped it before it was open.
const (
	dying      = time.Second           // it may be about to fall: so long it is asked again
	dyingPause = 50 * time.Millisecond // between two times
)

// unserved says what is wrong with a device that did not open an ordinary
// connection. While a process crashes, or dumps its core, connections to it are
// still made, and are reset when it is no more: so it is asked again until it
// refuses, or serves. The encounter is the last.
func (r *run) unserved(ctx context.Context, e runner.Encounter) ([]Breach, runner.Encounter) {
	first := e
	for until := time.Now().Add(dying); e.Refusal != nil && dropped(e.Refusal) && ctx.Err() == nil && time.Now().Before(until); {
		time.Sleep(dyingPause)
		e = r.meet(ctx, "again", r.knownGood(0))
	}
	if e.Refusal != nil {
		return unwell(e), e
	}
	return unwell(first), e
}

// dropped reports whether there was a connection, which ended without a word.
func dropped(refusal *runner.OpenError) bool {
	return !refusal.Unreached && !refusal.Silent && refusal.Status == 0
}

// late tells of a client that took much longer to come than it does. It starts
// anew: nothing else shows from outside that it fell.
func (r *run) late(e runner.Encounter) []Breach {
	usual := time.Duration(r.usual.Load())
	if r.device == wire.Server || usual == 0 {
		return nil
	}
	if e.Waited <= 4*usual+lateness {
		return nil
	}
	return []Breach{{conformance.KindDown, ruleAway, fmt.Sprintf("the device came after %v, and mostly does within %v",
		e.Waited.Round(time.Millisecond), usual.Round(time.Millisecond))}}
}

// wait takes down how long a device took to come, and once that is known how
// long it mostly does.
func (r *run) wait(seconds float64) {
	r.waits.add(seconds)
	if r.usual.Load() == 0 && len(r.waits.first) == readings {
		r.usual.Store(max(1, int64(median(r.waits.first)*float64(time.Second))))
	}
}

// lateness is how much later than usual a device comes that fell.
const lateness = 300 * time.Millisecond

// unwell says what is wrong with a device that did not open a connection.
func unwell(e runner.Encounter) []Breach {
	switch refusal := e.Refusal; {
	case refusal.Refused:
		return []Breach{{conformance.KindDown, ruleAway, refusal.Reason}}
	default:
		return []Breach{{conformance.KindHang, ruleHang, refusal.Reason}}
	}
}
