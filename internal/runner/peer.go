package runner

import (
	"context"
	"math/rand/v2"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// A Peer brings connections to the device.
type Peer interface {
	// Open brings the next connection, its opening handshake done.
	Open(context.Context, Opening) (*Session, *OpenError)
	// Role is ours: Client if the device is a server.
	Role() wire.Role
}

// Opening is what a connection is opened with.
type Opening struct {
	Edits            []conformance.Edit       // of our half of the handshake
	conformance.Pace                          // of its writes
	Together         []conformance.Frame      // in the same write
	Deflate          []string                 // parameter lists of permessage-deflate, best first; nil not to negotiate
	Offered          *conformance.OfferedStep // what a client has to offer, else the opening is the ordinary one
	Parting          Parting                  // if the pace lets not all of our half go out
	LetGo            time.Duration            // how long to look what a refusal leaves open; 0 for not at all
	Within           time.Duration            // for all of it

	tape     *tape
	observer observer
	keys     *rand.Rand
	limit    int      // octets of a message
	minutes  *minutes // of the connection; nil for none
}

// OpenError says why there is no open connection.
type OpenError struct {
	Status    int                // of the HTTP answer; 0 if none came
	Response  handshake.Response // the HTTP answer
	Silent    bool               // nothing came, not even the end
	Parted    bool               // our half of the handshake did not go out in full
	HalfOpen  bool               // refused, and neither ended nor fit for another request
	Unreached bool               // there was no connection: our network, or the device is away
	Refused   bool               // nobody listens: the device is off, or starting
	Reset     bool               // the device ended TCP with a reset
	Mixed     bool               // a connection was opened, and its message came back with other octets
	Reason    string
}

func (e *OpenError) Error() string { return e.Reason }
