package wire

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// StatusCode is the reason that a Close frame gives (RFC 6455 §7.4).
type StatusCode uint16

// Status codes of RFC 6455 §7.4.1 and, from 1012 on, of the IANA registry.
const (
	NormalClosure      StatusCode = 1000
	GoingAway          StatusCode = 1001
	ProtocolError      StatusCode = 1002
	UnsupportedData    StatusCode = 1003
	NoStatusReceived   StatusCode = 1005
	AbnormalClosure    StatusCode = 1006
	InvalidPayload     StatusCode = 1007
	PolicyViolation    StatusCode = 1008
	MessageTooBig      StatusCode = 1009
	MandatoryExtension StatusCode = 1010
	InternalError      StatusCode = 1011
	ServiceRestart     StatusCode = 1012
	TryAgainLater      StatusCode = 1013
	BadGateway         StatusCode = 1014
	TLSHandshake       StatusCode = 1015
)

// Sendable reports whether an endpoint may put c into a Close frame: 1004 is
// reserved, 1005, 1006 and 1015 "MUST NOT be set as a status code in a Close
// control frame by an endpoint" (RFC 6455 §7.4.1), and 1016–2999 are kept for
// revisions of the protocol (§7.4.2).
func (c StatusCode) Sendable() bool {
	switch {
	case c >= 1000 && c <= 1003, c >= 1007 && c <= 1014, c >= 3000 && c <= 4999:
		return true
	}
	return false
}

// unsendable says where RFC 6455 keeps c, which is not Sendable, from Close frames,
// and what it says of it.
func (c StatusCode) unsendable() (clause, why string) {
	switch {
	case c < 1000:
		return "RFC 6455 §7.4.2", "is not used"
	case c == NoStatusReceived || c == AbnormalClosure || c == TLSHandshake:
		return "RFC 6455 §7.4.1", "no endpoint may send"
	case c == 1004:
		return "RFC 6455 §7.4.1", "is reserved"
	case c < 3000:
		return "RFC 6455 §7.4.2", "is reserved"
	}
	return "RFC 6455 §7.4.2", "RFC 6455 has no range for"
}

// SplitClose splits the payload of a Close frame into status and reason. ok is
// false if there is no status: an empty payload, or a single octet.
func SplitClose(payload []byte) (code StatusCode, reason []byte, ok bool) {
	if len(payload) < 2 {
		return 0, nil, false
	}
	return StatusCode(binary.BigEndian.Uint16(payload)), payload[2:], true
}

// CheckClose judges the payload of a Close frame against RFC 6455 §5.5.1 and
// §7.4; nil if it is lawful.
func CheckClose(payload []byte, from Role) []Violation {
	code, reason, ok := SplitClose(payload)
	if !ok {
		if len(payload) == 1 {
			return []Violation{{"CLS-21", "RFC 6455 §5.5.1", "a close with a body of one octet"}}
		}
		return nil
	}
	var found []Violation
	switch {
	case !code.Sendable():
		clause, why := code.unsendable()
		found = append(found, Violation{"COD-02", clause, fmt.Sprintf("a close with status %d, which %s", code, why)})
	case code == MandatoryExtension && from == Server:
		found = append(found, Violation{"COD-13", "RFC 6455 §7.4.1", "a close with status 1010 from a server"})
	}
	if !utf8.Valid(reason) {
		found = append(found, Violation{"CLS-21", "RFC 6455 §5.5.1", "a close with a reason that is not UTF-8"})
	}
	return found
}
