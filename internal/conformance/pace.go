package conformance

import (
	"strconv"
	"strings"
	"time"
)

// Pace is how octets of ours are cut into writes, when these go, and how many
// of the octets go at all. The zero Pace is one write of all of them, at once.
type Pace struct {
	Chop  int           // octets a write; 0 for as few writes as possible
	Cut   []int         // in its place: writes end after so many octets, rising
	Every time.Duration // between two writes
	After time.Duration // before the first
	Upto  int           // only so many octets go out, and the rest never; 0 for all
}

// Waits returns how long the pauses take in all, those of Chop aside: they
// depend on how many octets there are.
func (p Pace) Waits() time.Duration { return p.After + p.Every*time.Duration(len(p.Cut)) }

// String returns the textual form, led by a blank; "" of the zero Pace.
func (p Pace) String() string {
	var b strings.Builder
	option := func(name, value string) { b.WriteString(" " + name + "=" + value) }
	if p.Chop > 0 {
		option("chop", strconv.Itoa(p.Chop))
	}
	for i, n := range p.Cut {
		if i == 0 {
			option("cut", strconv.Itoa(n))
		} else {
			b.WriteString("," + strconv.Itoa(n))
		}
	}
	if p.Every > 0 {
		option("every", durationString(p.Every))
	}
	if p.After > 0 {
		option("after", durationString(p.After))
	}
	if p.Upto > 0 {
		option("upto", strconv.Itoa(p.Upto))
	}
	return b.String()
}

// OctetsStep writes octets that need be no frames.
type OctetsStep struct {
	Octets Payload
	Pace
}

// SendOctets writes octets as they are, without a header and without a mask.
func SendOctets[T text](octets T) Step { return OctetsStep{Octets: payloadOf(octets)} }

func (OctetsStep) step() {}

func (s OctetsStep) String() string { return "octets" + s.Pace.String() + " " + s.Octets.String() }
