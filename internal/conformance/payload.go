package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxPayload bounds the payload that a script may ask for, in octets.
const MaxPayload = 64 << 20

// Payload is what a frame carries: a unit repeated to a size. It costs its unit
// only, however many octets it stands for. Payloads are comparable: the same
// octets with a unit of at most maxUnit are the same payload, however made.
type Payload struct {
	unit string // what is repeated; all of the payload if it is not repetitive
	size int    // octets
}

// Payloads shorter than minRepeated are written out; longer ones are searched
// for a unit of at most maxUnit octets.
const (
	minRepeated = 32
	maxUnit     = 16
)

// Literal returns the payload of exactly these octets.
func Literal(octets string) Payload {
	if n := period(octets); n > 0 {
		return Payload{strings.Clone(octets[:n]), len(octets)}
	}
	return Payload{octets, len(octets)}
}

// FindRepetition returns octets as a payload if they repeat a short unit; if
// not, it costs nothing.
func FindRepetition(octets []byte) (Payload, bool) {
	n := period(octets)
	if n == 0 {
		return Payload{}, false
	}
	return Payload{string(octets[:n]), len(octets)}, true
}

// period returns the length of the shortest unit that repeats in octets, 0 if
// they are to be written out.
func period[T string | []byte](octets T) int {
	if len(octets) < minRepeated {
		return 0
	}
	for n := 1; n <= maxUnit; n++ {
		if string(octets[n:]) == string(octets[:len(octets)-n]) {
			return n
		}
	}
	return 0
}

// Repeated returns the first size octets of unit, unit, unit…
func Repeated(unit string, size int) Payload {
	if unit == "" || size <= 0 {
		return Payload{}
	}
	if size < minRepeated || size < 2*len(unit) {
		return Literal(strings.Repeat(unit, size/len(unit)+1)[:size])
	}
	for n := 1; n < len(unit); n++ { // "abab" is "ab" twice
		if len(unit)%n == 0 && unit[n:] == unit[:len(unit)-n] {
			unit = unit[:n]
		}
	}
	return Payload{unit, size}
}

// Len returns the number of octets.
func (p Payload) Len() int { return p.size }

// Append appends the octets from i up to j, at most Len, to b.
func (p Payload) Append(b []byte, i, j int) []byte {
	if j-i <= 0 {
		return b
	}
	if len(p.unit) == p.size {
		return append(b, p.unit[i:j]...)
	}
	start, at := len(b), i%len(p.unit)
	b = append(b, (p.unit + p.unit)[at:at+min(len(p.unit), j-i)]...)
	for have := len(b) - start; have < j-i; have = len(b) - start { // doubling: few copies, long ones
		b = append(b, b[start:start+min(have, j-i-have)]...)
	}
	return b
}

// Part returns the payload of octets i to j.
func (p Payload) Part(i, j int) Payload {
	if len(p.unit) == p.size {
		return Literal(p.unit[i:j])
	}
	at := i % len(p.unit)
	return Repeated(p.unit[at:]+p.unit[:at], j-i)
}

// Octets returns the payload written out.
func (p Payload) Octets() string {
	if len(p.unit) == p.size {
		return p.unit
	}
	return string(p.Append(make([]byte, 0, p.size), 0, p.size))
}

// Equal reports whether the payload is these octets.
func (p Payload) Equal(octets []byte) bool {
	n := len(p.unit)
	switch {
	case len(octets) != p.size:
		return false
	case n == p.size:
		return string(octets) == p.unit
	}
	return string(octets[:n]) == p.unit && bytes.Equal(octets[n:], octets[:len(octets)-n])
}

// String returns the textual form: "abc" in quotes, ASCII only; "*"*65536 for
// whole repetitions, "abc"[:65536] for others.
func (p Payload) String() string { return p.form(strconv.QuoteToASCII) }

// octetsString is the textual form in which every octet stands for itself, as in
// what is no text: "\xde\xad", though these are a character, too.
func (p Payload) octetsString() string {
	return p.form(func(octets string) string {
		var b strings.Builder
		for _, octet := range []byte(octets) {
			if octet < utf8.RuneSelf {
				quoted := strconv.Quote(string(octet))
				b.WriteString(quoted[1 : len(quoted)-1])
			} else {
				fmt.Fprintf(&b, `\x%02x`, octet)
			}
		}
		return `"` + b.String() + `"`
	})
}

func (p Payload) form(quote func(string) string) string {
	unit := quote(p.unit)
	switch {
	case len(p.unit) == p.size:
		return unit
	case p.size%len(p.unit) == 0:
		return fmt.Sprintf("%s*%d", unit, p.size/len(p.unit))
	}
	return fmt.Sprintf("%s[:%d]", unit, p.size)
}
