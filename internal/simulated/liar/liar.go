// Package liar holds broken peers for tests of the suite: servers and clients
// that echo and keep every rule of RFC 6455 but one. A suite that passes a liar
// in all cases is worth nothing; one that fails it in more than its lie explains,
// little.
//
// The right peer underneath is not for tests of the suite: it shares its codec
// with what they test.
//
// Liars do without a network too: on a pipe in memory, in a bubble of
// testing/synctest, what they fail in is the same on every day, and their silence
// costs no time.
package liar

import (
	"net"
	"slices"
	"sync/atomic"

	"wsprobe/internal/simulated"
	"wsprobe/internal/wire"
)

// slots is how many connections a liar that is a server serves at once.
const slots = 16

// A lie puts another rule in the place of one that a peer keeps. It is told anew
// to each peer, so that what it remembers is that of one connection.
type lie struct {
	name string // what the peer does, as in "never pongs"
	tell func(*peer)
}

// All returns the liars that are servers.
func All() []simulated.Device { return append(OfAutobahn(), OfRows()...) }

// OfAutobahn returns the liars that the Autobahn testsuite's cases are about,
// group by group as these are, in the role of a server.
func OfAutobahn() []simulated.Device {
	return devices(slices.Concat(serving, inBothRoles))
}

// OfRows returns those of the liars that the requirement rows are about which
// the Autobahn testsuite does not test.
func OfRows() []simulated.Device {
	return devices(slices.Concat(opening, response, masking, lengths, endless, leaving))
}

// OfFrames returns those of OfAutobahn whose lie is about single frames, of which
// the requirement rows have cases, too.
func OfFrames() []simulated.Device { return devices(slices.Concat(framing, control, closing)) }

// inBothRoles is what a server and a client may do wrong alike.
var inBothRoles = slices.Concat(framing, control, fragments, text, closing, limits)

// Large returns those of OfAutobahn whose lie is about fragments and limits, and so about
// messages of many octets. The others tell nothing in a message of megabytes that
// they do not tell in a shorter one.
func Large() []simulated.Device { return devices(slices.Concat(fragments, limits)) }

// Lawful returns servers that differ from the others within the law: a suite that
// fails one of them is wrong itself.
func Lawful() []simulated.Device { return devices(slices.Concat(lawful, lawfulOpening)) }

// LawfulOpening returns those of them that differ in the opening handshake.
func LawfulOpening() []simulated.Device { return devices(lawfulOpening) }

// Client is a liar that is a client.
type Client struct {
	Name string

	// Play plays the client at its end of a connection that was opened for it. It
	// returns when the connection is over, at the latest when conn is closed under
	// it; closing conn is the caller's. Keys differ from connection to connection.
	Play func(conn net.Conn)

	AtOnce int // how many connections it has, or opens, at any time
}

// Clients returns the liars that are clients.
func Clients() []Client {
	return append(clients(slices.Concat(inBothRoles, lengths, endless, leaving, unmasking)), Opening()...)
}

// Opening returns those of Clients whose lie is about keys and the opening
// handshake, and so tells nothing more in one message than in another.
func Opening() []Client {
	twice := clients([]lie{{"connects while it connects", func(*peer) {}}})
	twice[0].AtOnce = 2
	return append(clients(slices.Concat(keying, malformed, request, validation)), twice...)
}

// LawfulClients returns clients that differ from others within the law, and first
// the one that does not.
func LawfulClients() []Client { return clients(slices.Concat(lawfulRequest, lawful)) }

func clients(lies []lie) (all []Client) {
	for _, l := range lies {
		all = append(all, Client{l.name, played(l, wire.Client), 1})
	}
	return all
}

func devices(lies []lie) (all []simulated.Device) {
	for _, l := range lies {
		play := played(l, wire.Server)
		all = append(all, simulated.Device{Name: l.name, Slots: slots, Play: play})
	}
	return all
}

// played returns what plays one end of a connection with a peer to which a lie
// was told. Each connection has keys of its own.
func played(l lie, role wire.Role) func(net.Conn) {
	var connections atomic.Int64
	return func(conn net.Conn) {
		p := newPeer(conn, role, int(connections.Add(1)-1))
		l.tell(p)
		p.play()
	}
}
