package conformance

import "wsprobe/internal/wire"

// EndingKind is who ends the connection, and how.
type EndingKind uint8

// The kinds of ending.
const (
	EndClose  EndingKind = iota + 1 // we start the closing handshake
	EndAnswer                       // we have sent Close; the peer completes the handshake
	EndReject                       // our Close was bad; the peer says so, or drops
	EndFail                         // the peer fails the connection
	EndRefuse                       // the peer refuses the opening handshake
	EndDrop                         // we leave TCP without a word
)

// Ending is the last step of a script, and its only one of this type: who ends
// the connection, and how.
type Ending struct {
	Kind EndingKind
	// Codes that the peer may give: status codes, HTTP statuses for EndRefuse.
	// None given by the peer is fine too.
	Codes []wire.StatusCode
}

func (Ending) step() {}

// CloseNormally starts the closing handshake with 1000, which the peer must
// complete (RFC 6455 §7.1.2).
func CloseNormally() Ending { return Ending{EndClose, []wire.StatusCode{wire.NormalClosure}} }

// MustAnswer requires the peer to complete the closing handshake that the
// script has started, with one of the codes or none.
func MustAnswer(codes ...wire.StatusCode) Ending { return Ending{EndAnswer, codes} }

// MustReject requires the peer to answer our bad Close frame with one of the
// codes, or to drop the connection.
func MustReject(codes ...wire.StatusCode) Ending { return Ending{EndReject, codes} }

// MustFail requires the peer to _Fail the WebSocket Connection_ (RFC 6455
// §7.1.7): a Close frame with one of the codes or none and the end, the end
// alone, or a reset.
func MustFail(codes ...wire.StatusCode) Ending { return Ending{EndFail, codes} }

// MustRefuse requires the peer to refuse the opening handshake with one of the
// HTTP statuses; with none named, by any status but 101 or the end of TCP.
func MustRefuse(statuses ...wire.StatusCode) Ending { return Ending{EndRefuse, statuses} }

// Drop leaves TCP without a word; the device must be alive afterwards.
func Drop() Ending { return Ending{Kind: EndDrop} }

// PeerBegins reports whether it is the peer that must begin to close.
func (e Ending) PeerBegins() bool { return e.Kind == EndFail }

// Clean reports whether the closing handshake must be completed.
func (e Ending) Clean() bool { return e.Kind == EndClose || e.Kind == EndAnswer }

// CodeMatters reports whether a wrong status is a fault of behavior too: what
// is tested is how the peer answers a Close frame of the script.
func (e Ending) CodeMatters() bool { return e.Kind == EndAnswer || e.Kind == EndReject }
