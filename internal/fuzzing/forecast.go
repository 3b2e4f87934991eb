package fuzzing

import (
	"slices"

	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// Act is something that a receiver makes of the octets it is sent, and that it
// answers: a whole data message, a ping, or a Close frame.
type Act struct {
	Opcode  wire.Opcode
	Payload []byte // unmasked, and inflated
	Either  bool   // a right receiver may also fail the connection over it
}

// Fault is why the connection had to be failed.
type Fault struct {
	Row    string // the requirement row, such as "FRM-14"
	Clause string
	Detail string // what was sent, in words that are the same for every such input
	Early  bool   // the frame or the message that has it is not complete: a receiver may judge it when it is, and need not yet
}

// Forecast is what a right receiver makes of octets.
type Forecast struct {
	Acts   []Act
	Fault  *Fault   // nil if all that came is lawful; of several the first that is not early
	Beyond []Act    // what a receiver that passes over faults, or over the Close frame, goes on to make of them
	Closed bool     // a Close frame ends the lawful part
	Within bool     // the octets end within a frame
	Begun  bool     // they end within a message
	Starts []int    // where frames begin in the octets
	Raw    [][]byte // payloads of the data frames, as they were on the wire
	Parts  [][]byte // payloads of the data frames, the unfinished one's as far as it came
}

// Fails reports whether a right receiver has failed the connection. Over a fault that
// is early it may have.
func (f Forecast) Fails() bool { return f.Fault != nil && !f.Fault.Early }

// all returns what the octets hold, whether or not a right receiver comes so far.
func (f Forecast) all() []Act { return slices.Concat(f.Acts, f.Beyond) }

// maxForecast bounds what the payloads of a forecast come to in all, in octets.
const maxForecast = 64 << 20

// Foresee tells what a right receiver makes of the octets that a role sends
// when the opening handshake is done. With params it inflates.
func Foresee(octets []byte, from wire.Role, params *deflate.Params) Forecast {
	r := receiver{octets: octets, from: from}
	if params != nil {
		r.inflater = deflate.NewInflater(*params)
		r.state.RSV = rsv1
	}
	for r.frame() {
	}
	return r.forecast
}

// rsv1 marks a compressed message on its first frame (RFC 7692 §6).
const rsv1 = 4
