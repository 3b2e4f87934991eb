// Package liar holds broken peers for tests of the suite: servers that echo and
// keep every rule of RFC 6455 but one. A suite that passes a liar in all cases
// is worth nothing; one that fails it in more than its lie explains, little.
//
// The right peer underneath is not for tests of the suite: it shares its codec
// with what they test.
//
// Liars do without a network too: on a net.Pipe, in a bubble of testing/synctest,
// what they fail in is the same on every day, and their silence costs no time.
package liar

import (
	"net"
	"slices"

	"wsprobe/internal/simulated"
)

// slots is how many connections a liar serves at once.
const slots = 16

// A lie puts another rule in the place of one that a peer keeps. It is told anew
// to each peer, so that what it remembers is that of one connection.
type lie struct {
	name string // what the peer does, as in "never pongs"
	tell func(*peer)
}

// All returns the liars.
func All() []simulated.Device { return append(OfAutobahn(), OfRows()...) }

// OfAutobahn returns the liars that the Autobahn testsuite's cases are about,
// group by group as these are.
func OfAutobahn() []simulated.Device {
	return devices(slices.Concat(framing, control, fragments, text, closing, limits))
}

// OfRows returns those of the liars that the requirement rows are about which
// the Autobahn testsuite does not test.
func OfRows() []simulated.Device { return devices(slices.Concat(opening, response, masking, lengths)) }

// Large returns those of OfAutobahn whose lie is about fragments and limits, and so about
// messages of many octets. The others tell nothing in a message of megabytes that
// they do not tell in a shorter one.
func Large() []simulated.Device { return devices(slices.Concat(fragments, limits)) }

// Lawful returns peers that differ from the others within the law: a suite that
// fails one of them is wrong itself.
func Lawful() []simulated.Device { return devices(slices.Concat(lawful, lawfulOpening)) }

// LawfulOpening returns those of them that differ in the opening handshake.
func LawfulOpening() []simulated.Device { return devices(lawfulOpening) }

func devices(lies []lie) (all []simulated.Device) {
	for _, l := range lies {
		all = append(all, simulated.Device{Name: l.name, Slots: slots, Play: func(conn net.Conn) { play(conn, l.tell) }})
	}
	return all
}
