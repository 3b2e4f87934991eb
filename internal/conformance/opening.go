package conformance

import "time"

// EditOp is a way to change a handshake.
type EditOp uint8

// The ways to change a handshake.
const (
	EditSet     EditOp = iota + 1 // a field gets this value, added at the end if absent
	EditAdd                       // one more line of the field
	EditRemove                    // no line of the field
	EditRename                    // the field's name is spelled so
	EditStart                     // the whole start line
	EditRaw                       // one more line, as it is
	EditReverse                   // the lines in reverse order
	EditLineEnd                   // every line ends so
)

// Edit is one departure from the ordinary handshake, as data. In a value, {x*9}
// stands for nine times x, and {target}, {authority}, {key} and {accept} for
// what the ordinary handshake has: the request target, the Host field's value,
// the client's key and the right answer to it.
type Edit struct {
	Op    EditOp
	Name  string  // of the field
	Value Payload // of the field, or the line
}

// Set gives a field a value.
func Set[T text](name string, value T) Edit { return Edit{EditSet, name, payloadOf(value)} }

// Add adds a line for the field, beside what is there.
func Add[T text](name string, value T) Edit { return Edit{EditAdd, name, payloadOf(value)} }

// Remove leaves a field out.
func Remove(name string) Edit { return Edit{Op: EditRemove, Name: name} }

// Rename spells a field's name otherwise.
func Rename(name, spelled string) Edit { return Edit{EditRename, name, Literal(spelled)} }

// StartLine replaces the request line or the status line.
func StartLine[T text](line T) Edit { return Edit{EditStart, "", payloadOf(line)} }

// RawLine adds a line as it is.
func RawLine[T text](line T) Edit { return Edit{EditRaw, "", payloadOf(line)} }

// Reverse puts the header lines into reverse order.
func Reverse() Edit { return Edit{Op: EditReverse} }

// LineEnd ends every line otherwise than with CRLF.
func LineEnd(end string) Edit { return Edit{EditLineEnd, "", Literal(end)} }

// RequestStep is how our request departs from the ordinary one: the device is
// a server. One that does not go out in full opens nothing: of the steps that
// follow only a half-close is played, and a drop or a reset leaves at once.
type RequestStep struct {
	Edits []Edit
	Pace
}

// Request opens with an edited request.
func Request(edits ...Edit) Step { return RequestStep{Edits: edits} }

// RequestChopped opens with an edited request, n octets a write.
func RequestChopped(n int, edits ...Edit) Step { return RequestStep{edits, Pace{Chop: n}} }

// ResponseStep is how our response departs from the ordinary one: the device
// is a client. What a RequestStep says of one that does not go out in full holds
// for it too.
type ResponseStep struct {
	Edits []Edit
	Pace
}

// Response opens with an edited response.
func Response(edits ...Edit) Step { return ResponseStep{Edits: edits} }

// ResponseChopped opens with an edited response, n octets a write.
func ResponseChopped(n int, edits ...Edit) Step { return ResponseStep{edits, Pace{Chop: n}} }

// ResponseAfter opens with an edited response that is held back for d.
func ResponseAfter(d time.Duration, edits ...Edit) Step { return ResponseStep{edits, Pace{After: d}} }

// RequestPaced opens with an edited request, n octets a write, d between them.
func RequestPaced(n int, d time.Duration, edits ...Edit) Step {
	return RequestStep{edits, Pace{Chop: n, Every: d}}
}

// ResponsePaced opens with an edited response, n octets a write, d between them.
func ResponsePaced(n int, d time.Duration, edits ...Edit) Step {
	return ResponseStep{edits, Pace{Chop: n, Every: d}}
}

// TogetherStep sends frames in the same write as our half of the opening
// handshake.
type TogetherStep struct{ Frames []Frame }

// Together sends frames in the same write as our half of the handshake.
func Together(frames ...Frame) Step { return TogetherStep{frames} }

// DeflateStep negotiates permessage-deflate with one of the parameter lists,
// best first; a peer that will not is UNIMPLEMENTED.
type DeflateStep struct{ Offers []string }

// Deflate offers, or as a server accepts, one of the parameter lists; without
// any, the empty one.
func Deflate(offers ...string) Step {
	if len(offers) == 0 {
		offers = []string{""}
	}
	return DeflateStep{offers}
}

func (RequestStep) step()  {}
func (ResponseStep) step() {}
func (TogetherStep) step() {}
func (DeflateStep) step()  {}

// IsOpening reports whether a step belongs before all others.
func IsOpening(s Step) bool {
	switch s.(type) {
	case RequestStep, ResponseStep, TogetherStep, DeflateStep, OfferedStep:
		return true
	}
	return false
}
