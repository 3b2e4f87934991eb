package runner

import (
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Encounter is what came of a script that was met: played without expectations.
type Encounter struct {
	Request  handshake.Request  // as the device sees it if it is a server; else its own
	Response handshake.Response // the device's, of a refusal too, if it is a server; else ours before the edits
	Refusal  *OpenError         // why there was no open connection; nil if there was one
	Deflated bool               // permessage-deflate was agreed on
	Client   deflate.Params     // how, of what the client sends
	Server   deflate.Params     // likewise the server

	Writes     [][]byte               // what went out, a write each, our half of the opening handshake first
	Heard      []Heard                // what came, in order; at most maxHeard frames, and maxHeardOctets of payloads
	More       int                    // how many frames came beyond those
	End        string                 // how TCP ended, in words; of a refusal why there is none
	Reset      bool                   // the end was a reset, ours if Left: what was on its way is lost
	Ours       bool                   // we ended TCP, because the device did not in time
	First      bool                   // the device began the closing handshake: a Close frame of ours is the answer
	Left       bool                   // we ended our direction of TCP, as the script says, without a Close frame
	Untaken    bool                   // a write of ours was not taken in time
	Waited     time.Duration          // of it until the opening handshake was done: with a client, for it to come
	Took       time.Duration          // all of it
	Beside     []Encounter            // on further connections, which the script asks for
	Transcript conformance.Transcript // if the options ask for it
}

// Heard is a frame that came, and what it completed.
type Heard struct {
	Header     wire.Header
	Payload    []byte           // unmasked
	Cut        bool             // not all of the frame came, or it is too long: Payload is how it begins, as it was on the wire
	Message    []byte           // the message that this frame completes, inflated; nil if none
	Opcode     wire.Opcode      // of that message
	Violations []wire.Violation // what is wrong with the header
	Fault      string           // why the frame cannot be read, or the message not inflated; "" if it can
	At         time.Duration    // since the opening handshake was done
}
