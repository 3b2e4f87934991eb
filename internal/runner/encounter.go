package runner

import (
	"context"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Encounter is what came of a script that was played without expectations.
type Encounter struct {
	Request  handshake.Request
	Response handshake.Response
	Refusal  *OpenError     // why there was no open connection; nil if there was one
	Deflated bool           // permessage-deflate was agreed on
	Client   deflate.Params // how, of what the client sends
	Server   deflate.Params // likewise the server

	Writes     [][]byte // what went out, a write each, our half of the opening handshake first
	Frames     int      // how many of Writes' first are of the opening handshake
	Heard      []Heard  // what came, in order; at most maxHeard, of them payloads of at most maxHeardOctets in all
	More       int      // what came beyond those
	End        string   // how TCP ended, in words
	Reset      bool     // the end was a reset
	Ours       bool     // we ended TCP, because the device did not in time
	Left       bool     // we left without a word and without waiting for the end, as the script says
	HalfClosed bool     // we ended our direction of TCP, as the script says
	Untaken    bool     // a write of ours was not taken in time
	Took       time.Duration
	Transcript conformance.Transcript
}

// Heard is a frame that came, or what it completed.
type Heard struct {
	Header     wire.Header
	Payload    []byte           // unmasked, as it was on the wire
	Message    []byte           // the message that this frame completes, inflated; nil if none
	Opcode     wire.Opcode      // of that message
	Violations []wire.Violation // what is wrong with the frame
	At         time.Duration    // since the opening handshake was done
}

// Meet opens a connection and plays a script on it without expectations.
func Meet(ctx context.Context, peer Peer, script conformance.Script, o Options) Encounter {
	panic("to do")
}
