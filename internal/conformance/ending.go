package conformance

import "wsprobe/internal/wire"

// EndingKind is who ends the connection, and how.
type EndingKind uint8

// The kinds of ending.
const (
	EndClose         EndingKind = iota + 1 // we start the closing handshake
	EndAnswer                              // we have sent Close; the peer completes the handshake
	EndReject                              // our Close was bad; the peer says so, or drops
	EndFail                                // the peer fails the connection
	EndRefuse                              // the peer refuses the opening handshake
	EndDrop                                // we leave TCP without a word
	EndRefuseVersion                       // the peer refuses the opening handshake and names version 13
	EndLetGo                               // the peer refuses the opening handshake and leaves nothing half-open
	EndMayRefuse                           // the peer may refuse the opening handshake, or close normally
	EndMayFail                             // the peer may fail the connection at any time, or close normally
	EndShouldNotFail                       // likewise, or refuse the opening handshake, but it should not
	EndReset                               // we leave with a reset of TCP
)

// Ending is the last step of a script, and its only one of this type: who ends
// the connection, and how.
type Ending struct {
	Kind EndingKind
	// Codes that the peer may give: status codes, HTTP statuses where it refuses.
	// None given by the peer is fine too; without any here, all are.
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
// HTTP statuses; with none named, by any status but 101 or the end of TCP. No
// answer at all is NON-STRICT. A client refuses a response by sending no frame.
func MustRefuse(statuses ...wire.StatusCode) Ending { return Ending{EndRefuse, statuses} }

// MustRefuseVersion requires likewise an HTTP answer that names version 13
// (RFC 6455 §4.4).
func MustRefuseVersion(statuses ...wire.StatusCode) Ending { return Ending{EndRefuseVersion, statuses} }

// MustLetGo requires the peer to refuse the opening handshake, and then to end
// TCP or to answer another request on it.
func MustLetGo(statuses ...wire.StatusCode) Ending { return Ending{EndLetGo, statuses} }

// MayRefuse lets the peer refuse the opening handshake, with one of the
// statuses or the end of TCP; else we close normally. No answer at all is
// FAILED, and the device must be alive afterwards.
func MayRefuse(statuses ...wire.StatusCode) Ending { return Ending{EndMayRefuse, statuses} }

// MayFail lets the peer fail the connection, with one of the codes, whenever an
// answer is due; else we close normally, and pass over the messages that still come.
func MayFail(codes ...wire.StatusCode) Ending { return Ending{EndMayFail, codes} }

// ShouldNotFail lets the peer do likewise, or refuse the opening handshake, which
// is NON-STRICT: lawful, and not what is recommended.
func ShouldNotFail(codes ...wire.StatusCode) Ending { return Ending{EndShouldNotFail, codes} }

// Drop leaves TCP without a word; the device must be alive afterwards.
func Drop() Ending { return Ending{Kind: EndDrop} }

// Reset leaves with a reset of TCP (RST) in place of its end; the device must be
// alive afterwards.
func Reset() Ending { return Ending{Kind: EndReset} }

// Leaves reports whether we leave without a word, whatever the peer does.
func (e Ending) Leaves() bool { return e.Kind == EndDrop || e.Kind == EndReset }

// Refuses reports whether the peer must refuse the opening handshake.
func (e Ending) Refuses() bool {
	return e.Kind == EndRefuse || e.Kind == EndRefuseVersion || e.Kind == EndLetGo
}

// Endures reports whether the device must be alive afterwards, whatever it does.
func (e Ending) Endures() bool {
	return e.Leaves() || e.Kind == EndMayRefuse || e.Kind == EndMayFail
}

// LetsFail reports whether the peer may fail the connection when an answer is due.
func (e Ending) LetsFail() bool { return e.Kind == EndMayFail || e.Kind == EndShouldNotFail }

// PeerBegins reports whether it is the peer that must begin to close.
func (e Ending) PeerBegins() bool { return e.Kind == EndFail }

// Clean reports whether the closing handshake must be completed.
func (e Ending) Clean() bool { return e.Kind == EndClose || e.Kind == EndAnswer }

// CodeMatters reports whether a wrong status is a fault of behavior too: what
// is tested is how the peer answers a Close frame of the script.
func (e Ending) CodeMatters() bool { return e.Kind == EndAnswer || e.Kind == EndReject }
