package fuzzing

import (
	"fmt"
	"slices"
	"strings"

	"wsprobe/internal/handshake"
)

// The questions here are what HTTP has a recipient make of a head that is not as it
// should be, or of more than one.

// unspaced is a response as a client may read it, without blanks between the names of
// fields and their colons. "A server MUST reject … any received request message that
// contains whitespace between a header field name and colon", and a proxy MUST remove
// it from a response (RFC 9112 §5.1); a client is asked for neither.
func unspaced(r handshake.Response) handshake.Response {
	r.Header = withoutBlanks(r.Header)
	return r
}

// spaced says that of a request what is missing is there, but for a blank before its
// colon; else it returns what is wrong.
func spaced(r handshake.Request, fault error) error {
	spaces := slices.IndexFunc(r.Header, func(f handshake.Field) bool { return blankBehind(f.Name) })
	if r.Header = withoutBlanks(r.Header); spaces < 0 || handshake.Usable(handshake.CheckRequest(r)) != nil {
		return fault
	}
	return handshake.Violation{Row: "CRQ-01", Clause: "RFC 9112 §5.1", Detail: fmt.Sprintf("%v: a field has a blank before its colon", fault), Fatal: true}
}

func withoutBlanks(h handshake.Header) handshake.Header {
	h = slices.Clone(h)
	for i := range h {
		h[i].Name = strings.TrimRight(h[i].Name, blanks)
	}
	return h
}

const blanks = " \t"

func blankBehind(name string) bool { return strings.TrimRight(name, blanks) != name }

// afterInterim names an interim response in what a client broke that has said nothing
// since: it may have taken that for the last. "A client MUST be able to parse one or
// more 1xx responses received prior to a final response" (RFC 9110 §15.2).
func (j *judge) afterInterim() {
	if j.interim == 0 || len(j.encounter.Heard) > 0 {
		return
	}
	for i := range j.breaches {
		b := &j.breaches[i]
		b.Rule = "after an interim response: " + b.Rule
		b.Detail += fmt.Sprintf("; before the 101 came a response with status %d, which a client must be able to parse (RFC 9110 §15.2)", j.interim)
	}
}
