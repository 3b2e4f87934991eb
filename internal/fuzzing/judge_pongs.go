package fuzzing

import (
	"bytes"
	"slices"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// pongs holds the pongs that came against our pings. "If an endpoint receives a
// Ping frame and has not yet sent Pong frame(s) in response to previous Ping
// frame(s), the endpoint MAY elect to send a Pong frame for only the most
// recently processed Ping frame" (RFC 6455 §5.5.3).
func (j *judge) pongs() {
	var pings [][]byte
	for _, a := range j.forecast.Acts {
		if a.Opcode == wire.Ping {
			pings = append(pings, a.Payload)
		}
	}
	next := 0
	for _, h := range j.encounter.Heard {
		if h.Header.Opcode != wire.Pong {
			continue
		}
		k := slices.IndexFunc(pings[next:], func(ping []byte) bool { return bytes.Equal(ping, h.Payload) })
		if k >= 0 {
			next += k + 1
			continue
		}
		j.strayPong(h.Payload, pings, next)
	}
	if next < len(pings) && j.owes() {
		j.add(conformance.KindDesync, "a ping without an answer", "no pong for %s (RFC 6455 §5.5.2)", brief(pings[len(pings)-1]))
	}
}

// strayPong judges a pong that answers no open ping. One without payload, or
// before any ping, is a heartbeat: "A Pong frame MAY be sent unsolicited" (RFC
// 6455 §5.5.3).
func (j *judge) strayPong(pong []byte, pings [][]byte, next int) {
	part := func(ping []byte) bool { return bytes.Contains(ping, pong) }
	more := func(ping []byte) bool { return len(ping) > 0 && bytes.Contains(pong, ping) }
	same := func(ping []byte) bool { return bytes.Equal(ping, pong) }
	switch {
	case len(pong) == 0:
	case slices.ContainsFunc(j.forecast.Beyond, func(a Act) bool { return a.Opcode == wire.Ping && same(a.Payload) }):
		j.lenient("answers a ping " + brief(pong))
	case j.hidden(pong, true):
		j.add(conformance.KindSmuggle, "a ping is answered that is part of another frame", "got pong %s, whose ping we sent within another frame", brief(pong))
	case slices.ContainsFunc(pings[:next], same):
		j.add(conformance.KindDesync, "a ping is answered twice", "got pong %s once more", brief(pong))
	case slices.ContainsFunc(pings, part):
		j.add(conformance.KindDesync, "a pong is cut short", "got pong %s", brief(pong))
	case slices.ContainsFunc(pings, more):
		j.add(conformance.KindLeak, "a pong holds more than its ping", "got pong %s", brief(pong))
	case bytes.Contains(j.octets, pong), slices.ContainsFunc(j.forecast.Parts, part), j.weSentPong(pong):
		j.add(conformance.KindIllegal, "a pong that answers no ping", "got pong %s, which was not in a ping (RFC 6455 §5.5.3)", brief(pong))
	case len(pings) == 0 && !j.pinged():
	case j.forecast.Fault == nil && slices.ContainsFunc(pings, func(ping []byte) bool { return j.altered(pong, ping) }), j.unmasked(pong):
		j.add(conformance.KindDesync, "a pong comes back altered", "got pong %s", brief(pong))
	default:
		j.add(conformance.KindLeak, "a pong holds octets that were not sent", "got pong %s", brief(pong))
	}
}

// pinged reports whether there was anything that may be taken for a ping.
func (j *judge) pinged() bool {
	return slices.ContainsFunc(j.forecast.Beyond, func(a Act) bool { return a.Opcode == wire.Ping }) || j.forecast.Within
}
