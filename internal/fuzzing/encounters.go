package fuzzing

import (
	"bytes"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// encounters are what went over the wire when something was seen: one for each
// connection, in the order in which they were opened.
type encounters []runner.Encounter

// connections returns what went over each connection, those beside another before
// that.
func (s encounters) connections(device wire.Role) (all []conformance.Connection) {
	for _, e := range s {
		for _, beside := range e.Beside {
			all = append(all, connection(beside, device))
		}
		all = append(all, connection(e, device))
	}
	return all
}

// transcript returns that of the last one, if it was told.
func (s encounters) transcript() conformance.Transcript { return s[len(s)-1].Transcript }

// connection puts what went over an encounter's connection into order: our half
// of the opening handshake and the device's, as their roles have it, then all
// that we sent, then all that came.
func connection(e runner.Encounter, device wire.Role) (c conformance.Connection) {
	sent := func(octets []byte) { c = append(c, conformance.Segment{Sent: true, Octets: octets}) }
	came := func(octets []byte) { c = append(c, conformance.Segment{Octets: octets}) }
	if device == wire.Client && e.Request.Raw != "" {
		came([]byte(e.Request.Raw))
	}
	writes, head := e.Writes, []byte(nil)
	for len(writes) > 0 && !bytes.Contains(head, []byte("\n\r\n")) {
		sent(writes[0])
		head, writes = append(head, writes[0]...), writes[1:]
	}
	if device == wire.Server && e.Response.Raw != "" {
		came([]byte(e.Response.Raw))
	}
	for _, w := range writes {
		sent(w)
	}
	for _, h := range e.Heard {
		octets := h.Payload
		if !h.Cut {
			head := h.Header.Append(nil)
			octets = append(head, h.Payload...)
			if h.Header.Masked {
				wire.Mask(octets[len(head):], h.Header.Key, 0)
			}
		}
		came(octets)
	}
	return c
}
