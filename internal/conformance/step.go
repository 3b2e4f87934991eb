package conformance

import (
	"fmt"
	"iter"
	"time"

	"wsprobe/internal/wire"
)

// Script is one connection, told in order: at most a few opening steps, then
// what is sent and awaited, and last exactly one [Ending].
type Script []Step

// Ending returns the last step; of a script that is not whole the zero Ending.
func (s Script) Ending() (e Ending) {
	if len(s) > 0 {
		e, _ = s[len(s)-1].(Ending)
	}
	return e
}

// Step is one line of a script.
type Step interface {
	fmt.Stringer // the textual form, which Parse reads back
	step()
}

// SendStep writes frames.
type SendStep struct {
	Frames   []Frame
	Fragment int // payload octets above which a frame is cut into fragments; 0 for frames as they are
	Pace
}

// Send sends the frames in one write.
func Send(frames ...Frame) Step { return SendStep{Frames: frames} }

// SendChopped sends the frames n octets a write.
func SendChopped(n int, frames ...Frame) Step { return SendStep{Frames: frames, Pace: Pace{Chop: n}} }

// SendFragmented sends frames cut into fragments of n payload octets, in one
// write. The last fragment of a frame without FIN has none either.
func SendFragmented(n int, frames ...Frame) Step {
	return SendStep{Frames: frames, Fragment: n}
}

// AwaitStep waits for control frames, in this order and no others.
type AwaitStep struct {
	Optional bool // a peer that fails the connection first is NON-STRICT, not FAILED
	Frames   []Frame
}

// Must waits for frames of the protocol itself, such as pongs; without them
// the case is FAILED.
func Must(frames ...Frame) Step { return AwaitStep{false, frames} }

// Should waits likewise; a peer that fails the connection first is NON-STRICT.
func Should(frames ...Frame) Step { return AwaitStep{true, frames} }

// ReplyStep waits for what the device answers to messages, as its profile says.
type ReplyStep struct {
	Optional bool // a peer that fails the connection first is NON-STRICT, not FAILED
	Messages []Frame
}

// Reply waits for the device's answers to messages; without them the case is
// FAILED.
func Reply(messages ...Frame) Step { return ReplyStep{false, messages} }

// MayReply waits likewise; a peer that fails the connection first is
// NON-STRICT, for "failing before the echo is out" is lawful.
func MayReply(messages ...Frame) Step { return ReplyStep{true, messages} }

// QuietStep requires the peer to stay connected and say nothing.
type QuietStep struct{ For time.Duration }

// Quiet requires d of silence on an open connection.
func Quiet(d time.Duration) Step { return QuietStep{d} }

// FailFastStep ends the script if the peer fails the connection in time, and
// lets it go on, NON-STRICT, if it does not.
type FailFastStep struct {
	Code   wire.StatusCode
	Within time.Duration
}

// ShouldFail gives the peer d to fail the connection with the code.
func ShouldFail(d time.Duration, code wire.StatusCode) Step { return FailFastStep{code, d} }

// RallyStep sends one message after the other, each when the one before has
// been answered.
type RallyStep struct {
	Count    int
	Message  Frame  // the same each time, but for the payload if Slice gives it
	Slice    Slice  // of a corpus; zero for none
	Fragment int    // octets above which a payload is cut into fragments, compressed if it is; 0 for none
	Blocks   Blocks // that it is compressed to, where it is
}

// Rally sends the message count times, each time when it has been answered.
func Rally(count int, message Frame) Step { return RallyStep{Count: count, Message: message} }

// RallySlices sends count messages like this one, of which each has the next
// slice for a payload, cut into fragments of that many octets if it is not 0.
func RallySlices(count int, message Frame, s Slice, fragment int) Step {
	return RallyStep{Count: count, Message: message, Slice: s, Fragment: fragment}
}

// Messages returns the messages in their order.
func (s RallyStep) Messages() iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		message := s.Message
		var next func() Payload
		if s.Slice != (Slice{}) {
			next = s.Slice.payloads()
		}
		for range s.Count {
			if next != nil {
				message.Payload = next()
			}
			if !yield(message) {
				return
			}
		}
	}
}

// WithinStep sets how long the peer may take over each answer from here on.
type WithinStep struct{ Limit time.Duration }

// Within gives the peer d for each answer.
func Within(d time.Duration) Step { return WithinStep{d} }

// InformStep leaves the outcome open.
type InformStep struct{}

// Inform makes the case INFORMATIONAL: the RFC leaves its outcome open.
func Inform() Step { return InformStep{} }

// StallStep stops reading.
type StallStep struct{ For time.Duration }

// Stall reads nothing for d, so that the peer's writes back up.
func Stall(d time.Duration) Step { return StallStep{d} }

// BesideStep plays a script on further connections while this one is held.
type BesideStep struct {
	Count  int
	Script Script
}

// Beside plays script on n further connections.
func Beside(n int, script Script) Step { return BesideStep{n, script} }

func (SendStep) step()     {}
func (AwaitStep) step()    {}
func (ReplyStep) step()    {}
func (QuietStep) step()    {}
func (FailFastStep) step() {}
func (RallyStep) step()    {}
func (WithinStep) step()   {}
func (InformStep) step()   {}
func (StallStep) step()    {}
func (BesideStep) step()   {}
