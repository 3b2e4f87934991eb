package runner

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"wsprobe/internal/conformance"
)

// Options say how to play.
type Options struct {
	Profile      conformance.Profile
	Parallel     int           // cases at once; below 2 one after the other, as a small device needs it
	observations *observations // of the run
	Seed         uint64        // of masking keys and handshake keys
	TimeScale    float64       // multiplies every wait; 0 is 1
	Messages     int           // of a rally, at most; 0 for all
	Name         string        // of a script that is met: its keys are drawn from Seed and this
	Transcript   bool          // of what is met, too

	// Recover is how long a device that went is waited for; 0 is 10 s. The time
	// scale multiplies either.
	Recover time.Duration
	// Reset resets a device that did not come back by itself; nil if there is no way.
	Reset func(context.Context, Trouble)
}

// How long things may take, in patiences.
const (
	handshakePatience = 5 // for the opening handshake
	closingPatience   = 5 // for a device that talks on to end the connection
)

// DefaultRecover is how long a device that went is waited for, unless it is said.
const DefaultRecover = 10 * time.Second

// scaled multiplies a wait by the time scale.
func (o Options) scaled(d time.Duration) time.Duration {
	if o.TimeScale > 0 {
		return time.Duration(float64(d) * o.TimeScale)
	}
	return d
}

// paced scales the waits of what is written in pieces.
func (o Options) paced(p conformance.Pace) conformance.Pace {
	p.Every, p.After = o.scaled(p.Every), o.scaled(p.After)
	return p
}

// patience returns how long the device may be silent when an answer is due.
func (o Options) patience() time.Duration { return o.scaled(o.Profile.PatienceOrDefault()) }

// recovery returns how long a device that went is waited for.
func (o Options) recovery() time.Duration {
	if o.Recover > 0 {
		return o.scaled(o.Recover)
	}
	return o.scaled(DefaultRecover)
}

// opening is what a connection of that name is opened with; tape is nil if
// nothing is to be recorded.
func (o Options) opening(name string, tape *tape, limit int) Opening {
	return Opening{Within: handshakePatience * o.patience(), tape: tape, keys: o.random(name), limit: limit}
}

// visit is how an ordinary connection is opened of which no transcript is kept. Its
// keys are drawn anew, for a device may refuse one that comes again: "The nonce MUST
// be selected randomly for each connection" (RFC 6455 §4.1).
func (o Options) visit() Opening {
	visit := o.opening("", nil, messageSlack)
	visit.keys = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	return visit
}

// random returns the source of keys for a connection of that name: the same
// seed and name give the same octets on the wire.
func (o Options) random(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(o.Seed, h.Sum64()))
}
