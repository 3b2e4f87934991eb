package fuzzing

import (
	"bytes"
	"fmt"
	"regexp"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// Breach is an invariant that a device broke on one connection.
type Breach struct {
	Kind   conformance.Kind
	Rule   string // in words that are the same for every input that breaks it so
	Detail string // what was seen
}

// Judge holds what came of a script against what a right device does, of what
// one connection shows. Whether the device is still well is for others to ask.
func Judge(e runner.Encounter, device wire.Role, p conformance.Profile) []Breach {
	j := &judge{encounter: e, device: device, profile: p}
	octets := bytes.Join(e.Writes, nil)
	head, fault := j.ours(octets)
	if e.Refusal != nil {
		j.octets = octets
		j.refused(head, fault)
		return j.breaches
	}
	if fault != nil {
		j.accepted(fault)
		return j.breaches
	}
	otherwise := *j
	j.opened(octets[head:])
	if end := strictEnd(octets); end > head && len(j.breaches) > 0 {
		otherwise.opened(octets[end:])
		if worst(otherwise.breaches) < worst(j.breaches) {
			return otherwise.breaches
		}
	}
	return j.breaches
}

// opened judges what came of octets that follow on the opening handshake.
func (j *judge) opened(octets []byte) {
	j.octets = octets
	j.forecast = Foresee(j.octets, j.device.Peer(), j.params())
	j.frames()
	j.answers()
	j.ending()
	j.beside()
	j.afterInterim()
}

// worst returns the kind of the worst breach, 0 if there is none.
func worst(breaches []Breach) (k conformance.Kind) {
	for _, b := range breaches {
		k = max(k, b.Kind)
	}
	return k
}

// beside judges the connections that were opened while this one was held: it
// must not hold them up.
func (j *judge) beside() {
	for _, e := range j.encounter.Beside {
		if e.Refusal != nil && e.Refusal.Unreached {
			j.add(conformance.KindHang, "another connection is held up", "while this connection was open: %s", e.Refusal.Reason)
			continue
		}
		for _, b := range Judge(e, j.device, j.profile) {
			if b.Kind == conformance.KindHang {
				b.Rule = "another connection is held up"
			}
			j.breaches = append(j.breaches, b)
		}
	}
}

// judge collects the breaches of one connection.
type judge struct {
	encounter runner.Encounter
	device    wire.Role
	profile   conformance.Profile
	octets    []byte // that we sent, but for our half of the opening handshake
	odd       bool   // that half is not as it should be
	plain     bool   // it is short, and as it should be
	interim   int    // the status of an interim response before it; 0 for none
	forecast  Forecast
	breaches  []Breach
}

func (j *judge) add(k conformance.Kind, rule, format string, args ...any) {
	j.breaches = append(j.breaches, Breach{k, rule, fmt.Sprintf(format, args...)})
}

// params returns how what we send is compressed, nil if it is not.
func (j *judge) params() *deflate.Params {
	switch e := j.encounter; {
	case !e.Deflated:
		return nil
	case j.device == wire.Server:
		return &e.Client
	default:
		return &e.Server
	}
}

// rule makes the words of a violation the same for every input that breaks it
// alike: without numbers, and without the name of the frame.
func rule(row, detail string) string {
	detail = reserved.ReplaceAllString(detail, "… frame")
	return row + " " + varying.ReplaceAllString(detail, "…")
}

// reserved is the name of a frame that has none of its own.
var reserved = regexp.MustCompile(`frame of the reserved opcode [0-9]+`)

// varying is what differs between inputs that break a rule alike.
var varying = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\b(text|binary|continuation|ping|pong|close|opcode[0-9]+|[0-9]+)\b`)
