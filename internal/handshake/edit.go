package handshake

import (
	"fmt"
	"slices"
)

// EditOp is a way to depart from the ordinary handshake.
type EditOp uint8

// The edits. Names match without regard to case; what is written is exactly
// what the edit holds, whatever octets these are.
const (
	Set     EditOp = iota + 1 // the first field Name gets Value, further ones go; added if there is none
	Add                       // a further field Name with Value, after all others
	Remove                    // all fields Name
	Rename                    // all fields Name are spelled Value: "host", "Host "
	Start                     // Value is the whole start line
	Raw                       // Value is a header line, after all others
	Reverse                   // the header lines in reverse order
	LineEnd                   // Value ends each line, the blank one included, in place of CRLF
)

var opNames = [...]string{"no edit", "set", "add", "remove", "rename", "start", "raw", "reverse", "line end"}

// String returns the edit's name: "set".
func (o EditOp) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return fmt.Sprintf("edit %d", uint8(o))
}

// Edit is one departure from the ordinary handshake, as data. Which of Name and
// Value count is said by Op.
type Edit struct {
	Op          EditOp
	Name, Value string
}

func edited(start string, h Header, edits []Edit) []byte {
	h = slices.Clone(h)
	lineEnd := "\r\n"
	for _, e := range edits {
		switch e.Op {
		case Start:
			start = e.Value
		case LineEnd:
			lineEnd = e.Value
		default:
			h = e.of(h)
		}
	}
	return appendHead(nil, start, h, lineEnd)
}

// of returns h, which it may change, after the edit.
func (e Edit) of(h Header) Header {
	named := func(f Field) bool { return equalFold(f.Name, e.Name) }
	switch e.Op {
	case Set:
		i := slices.IndexFunc(h, named)
		if i < 0 {
			return append(h, Field{e.Name, e.Value})
		}
		h[i].Value = e.Value
		return append(h[:i+1], slices.DeleteFunc(h[i+1:], named)...)
	case Add:
		return append(h, Field{e.Name, e.Value})
	case Remove:
		return slices.DeleteFunc(h, named)
	case Rename:
		for i, f := range h {
			if named(f) {
				h[i].Name = e.Value
			}
		}
		return h
	case Raw:
		return append(h, Field{Value: e.Value})
	case Reverse:
		slices.Reverse(h)
		return h
	default:
		// An edit passed over in silence would make a case that tests nothing.
		panic("handshake: no such edit: " + e.Op.String())
	}
}
