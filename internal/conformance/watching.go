package conformance

import (
	"fmt"
	"time"

	"wsprobe/internal/wire"
)

// UnansweredStep gives the peer time in which it may end the connection, but
// answer nothing.
type UnansweredStep struct{ For time.Duration }

// Unanswered requires that no answer comes within d: silence and the end are
// both fine.
func Unanswered(d time.Duration) Step { return UnansweredStep{d} }

// TolerateStep wants the peer to fail the connection over messages; a peer that
// answers them as if they were lawful is NON-STRICT.
type TolerateStep struct {
	Code     wire.StatusCode
	Messages []Frame
}

// Tolerate wants the connection to be failed with the code; the right answers
// to the messages are NON-STRICT, and anything else FAILED.
func Tolerate(code wire.StatusCode, messages ...Frame) Step { return TolerateStep{code, messages} }

// StillThereStep asks the peer whether it still takes frames.
type StillThereStep struct{}

// StillThere requires a ping to be answered, after whatever else the peer says.
func StillThere() Step { return StillThereStep{} }

// OpenStep finds out whether the connection is open.
type OpenStep struct{}

// Open requires a ping not to end the connection. Whether it is answered, and
// with what, is for the cases on pings: a device that has none is no worse at
// opening handshakes.
func Open() Step { return OpenStep{} }

// HalfCloseStep ends our direction of TCP.
type HalfCloseStep struct{}

// HalfClose ends our direction of TCP and leaves the peer's open.
func HalfClose() Step { return HalfCloseStep{} }

// ObeyStep judges the peer's half of the opening handshake.
type ObeyStep struct{ Row string }

// Obey requires the peer's half of the opening handshake to keep a row:
// "SRS-05".
func Obey(row string) Step { return ObeyStep{row} }

// Fact is what a profile may say of a device, and cases may depend on.
type Fact string

// The facts.
const (
	HasOrigins Fact = "origins" // other origins are refused
	HasPaths   Fact = "paths"   // other paths are refused
	HasAuth    Fact = "auth"    // credentials are asked for
)

var facts = []Fact{HasOrigins, HasPaths, HasAuth}

// GivenStep makes a case depend on what the profile says.
type GivenStep struct{ Fact Fact }

// Given leaves the outcome open unless the profile states the fact.
func Given(fact Fact) Step { return GivenStep{fact} }

// States reports whether the profile states a fact.
func (p Profile) States(f Fact) bool {
	switch f {
	case HasOrigins:
		return len(p.Origins) > 0
	case HasPaths:
		return len(p.Paths) > 0
	}
	return p.Auth != ""
}

// LevelOf returns the level at which a case is judged: INFO if it depends on
// what the profile does not say.
func (p Profile) LevelOf(c Case) Level {
	for _, step := range c.Script {
		if given, ok := step.(GivenStep); ok && !p.States(given.Fact) {
			return LevelInfo
		}
	}
	return c.Level
}

func (UnansweredStep) step() {}
func (TolerateStep) step()   {}
func (StillThereStep) step() {}
func (OpenStep) step()       {}
func (HalfCloseStep) step()  {}
func (ObeyStep) step()       {}
func (GivenStep) step()      {}

func (s UnansweredStep) String() string { return "unanswered " + durationString(s.For) }
func (s TolerateStep) String() string {
	return fmt.Sprintf("tolerate %d %s", s.Code, framesString(s.Messages))
}
func (s StillThereStep) String() string { return "still there" }
func (s OpenStep) String() string       { return "open" }
func (s HalfCloseStep) String() string  { return "half-close" }
func (s ObeyStep) String() string       { return "obey " + s.Row }
func (s GivenStep) String() string      { return "given " + string(s.Fact) }
