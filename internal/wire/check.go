package wire

import "fmt"

// Violation is a rule that a frame breaks.
type Violation struct {
	Row    string // the requirement row, such as "FRM-14"
	Clause string // the clause that states it, such as "RFC 6455 §5.2"
	Detail string // what was seen, in words
}

func (v Violation) Error() string { return v.Detail + " (" + v.Clause + ")" }

// State is what the judgement of a frame depends on besides its header. The
// zero State is that of a fresh connection without extensions.
type State struct {
	Fragmented bool  // a message has begun and its final fragment has not come
	RSV        uint8 // bits that an extension has given a meaning, on the first frame of a data message
}

// Next returns the state after a frame with header h.
func (s State) Next(h Header) State {
	if !h.Opcode.IsControl() {
		s.Fragmented = !h.Fin
	}
	return s
}

// Check judges a header sent by the given role; nil if the frame is lawful.
func Check(h Header, from Role, s State) []Violation {
	var found []Violation
	add := func(row, clause, format string, args ...any) {
		found = append(found, Violation{row, clause, fmt.Sprintf(format, args...)})
	}
	if bits := h.RSV &^ s.allowed(h); bits != 0 {
		add("FRM-14", "RFC 6455 §5.2", "a %s with reserved bits %d that no extension has defined", h.Opcode.Frame(), bits)
	}
	if h.Opcode.IsReserved() {
		add("FRM-14", "RFC 6455 §5.2", "a frame with the reserved opcode %d%s", uint8(h.Opcode), h.likeness())
	}
	switch {
	case from == Client && !h.Masked:
		add("MSK-04", "RFC 6455 §5.1", "a %s from a client without a mask", h.Opcode.Frame())
	case from == Server && h.Masked:
		add("MSK-02", "RFC 6455 §5.1", "a %s from a server with a mask", h.Opcode.Frame())
	}
	if h.Form != Shortest && h.Form != ShortestForm(h.Length) {
		add("LEN-02", "RFC 6455 §5.2", "a length of %d spelled in %d bits", h.Length, h.Form)
	}
	if h.Length>>63 != 0 {
		add("LEN-02", "RFC 6455 §5.2", "a length with its most significant bit set")
	}
	switch {
	case h.Opcode.IsControl():
		if !h.Fin {
			add("CTL-13", "RFC 6455 §5.5", "a fragmented %s", h.Opcode.Frame())
		}
		if h.Length > MaxControl {
			add("CTL-13", "RFC 6455 §5.5", "a %s of %d octets", h.Opcode.Frame(), h.Length)
		}
	case h.Opcode == Continuation && !s.Fragmented:
		add("FRG-10", "RFC 6455 §5.4", "a continuation frame with nothing to continue")
	case h.Opcode != Continuation && s.Fragmented:
		add("FRG-10", "RFC 6455 §5.4", "a %s where a continuation is due", h.Opcode.Frame())
	}
	return found
}

// likeness says what a header looks like if it is no frame's: servers made by hand
// end their response with a line too many.
func (h Header) likeness() string {
	if b := h.Append(nil); string(b) == "\r\n" {
		return ", whose octets 0d 0a are a line end, maybe one too many behind the opening handshake"
	}
	return ""
}

// allowed returns the reserved bits that a frame with header h may carry:
// extensions mark messages on their first frame and leave control frames
// alone (RFC 7692 §6.1).
func (s State) allowed(h Header) uint8 {
	if h.Opcode.IsControl() || h.Opcode == Continuation {
		return 0
	}
	return s.RSV
}
