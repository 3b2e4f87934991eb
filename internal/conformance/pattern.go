package conformance

import (
	"math"

	"wsprobe/internal/wire"
)

// Pattern says in words which known kind of fault the smallest script of a
// finding resembles. It tells what was sent, never what the device's fault is.
func (f Finding) Pattern() string {
	for _, step := range f.Script {
		if p := patternOf(step); p != "" {
			return p
		}
	}
	return familyPatterns[f.Family]
}

// patternOf returns the pattern of a step, "" for none of its own.
func patternOf(step Step) string {
	switch step := step.(type) {
	case BesideStep:
		return "one connection holds up another"
	case RequestStep:
		return "an opening handshake that is not ordinary"
	case ResponseStep:
		return "a response that is not ordinary"
	case SendStep:
		for _, f := range step.Frames {
			if p := patternOfFrame(f); p != "" {
				return p
			}
		}
	}
	return ""
}

// patternOfFrame returns the first that fits.
func patternOfFrame(f Frame) string {
	length := uint64(f.Payload.Len())
	if f.Claim.Made {
		length = f.Claim.Length
	}
	switch {
	case length > math.MaxInt64:
		return "a length with its top bit set: endless loops, negative lengths"
	case length >= math.MaxInt32-16:
		return "a length that overflows 32 bits"
	case f.Claim.Made && length > uint64(f.Payload.Len()):
		return "a length above what came: reads beyond the buffer"
	case f.Claim.Made:
		return "a length below what came"
	case f.Form != wire.Shortest:
		return "a length that is not spelled in the shortest form"
	case f.Opcode.IsControl() && (length > wire.MaxControl || f.NotFin):
		return "a control frame that is too long or fragmented: buffers of 125 octets"
	case f.Masking == Wrong:
		return "a frame masked by the wrong side"
	case f.Opcode.IsReserved():
		return "an opcode without meaning"
	case f.Bits != 0:
		return "reserved bits"
	case f.Opcode == wire.Close && len(wire.CheckClose([]byte(f.Payload.Octets()), 0)) > 0:
		return "a Close frame that no endpoint may send"
	case f.Opcode == wire.Continuation || f.NotFin:
		return "fragments that are out of order, empty or without end"
	}
	return ""
}

// familyPatterns is for scripts in which nothing stands out.
var familyPatterns = map[Family]string{
	FamilyLength:   "lengths at the borders of their forms",
	FamilySplit:    "writes that end within a header",
	FamilyMask:     "masking keys that are zero, constant or wrong",
	FamilyFragment: "fragments that are out of order, empty or without end",
	FamilyControl:  "control frames in number and in odd places",
	FamilyClose:    "closing in an odd way",
	FamilyRequest:  "an opening handshake that is not ordinary",
	FamilyResponse: "a response that is not ordinary",
	FamilyDeflate:  "compressed data that lie or do not inflate",
	FamilyConnect:  "connections in number, idle or cut",
	FamilyText:     "text that is not UTF-8, or cut within a character",
	FamilyMixed:    "a known exchange, bent",
}

// FamilyTitle says what a family of inputs is about.
func FamilyTitle(f Family) string { return familyPatterns[f] }
