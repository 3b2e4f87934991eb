package handshake

import "fmt"

// Violation is a requirement that a handshake breaks.
type Violation struct {
	Row    string // the requirement row: "CRQ-07"
	Clause string // where it stands: "RFC 6455 §4.1"
	Detail string // one sentence, with what came and what was wanted

	// Fatal says that the other end has to go no further: a client fails the
	// connection over such a response (RFC 6455 §4.1, and §9.1 for extensions), a
	// server refuses such a request (§4.2.1). What is not Fatal is for the report;
	// real devices do it and are talked to all the same.
	Fatal bool
}

// Error returns the detail, so that a fatal violation is an error as it stands.
func (v Violation) Error() string { return v.Detail }

// Usable returns nil if nothing among the violations is fatal, else the first
// that is: `Sec-WebSocket-Accept is "x", wanted "y"`. The error is a [Violation].
func Usable(violations []Violation) error {
	for _, v := range violations {
		if v.Fatal {
			return v
		}
	}
	return nil
}

// judge collects violations in the order of the checks.
type judge struct{ found []Violation }

// note reports what is wrong but does not end the handshake.
func (j *judge) note(row, clause, format string, args ...any) {
	j.found = append(j.found, Violation{Row: row, Clause: clause, Detail: fmt.Sprintf(format, args...)})
}

// fatal reports what ends the handshake.
func (j *judge) fatal(row, clause, format string, args ...any) {
	j.found = append(j.found, Violation{Row: row, Clause: clause, Detail: fmt.Sprintf(format, args...), Fatal: true})
}
