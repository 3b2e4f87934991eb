// Package conformance says what a WebSocket peer must do, and what came of it.
//
// A [Case] is a [Script], and a script is data: one connection, told in the
// order of time. It does nothing by itself; package runner plays it. Every
// script has a textual form, which [Parse] reads and String prints:
//
//	5.6  A ping between two fragments, in one write  RFC 6455 §5.4
//	send text fin=0 "fragment1", ping "ping payload", continuation "fragment2"
//	must pong "ping payload"
//	reply text "fragment1fragment2"
//	close 1000
//
// The first line is the case's ID, title and clause, with two blanks between
// them, and its level unless that is must. Then comes a step a line.
//
// # Opening steps, before all others
//
//	request PACE EDIT, EDIT… how our request departs from the ordinary one
//	response PACE EDIT…      likewise our response, if the device is a client
//	together FRAME, FRAME…   frames in the same write as our half of the handshake
//	deflate LIST, LIST…      negotiate permessage-deflate, best first; else UNIMPLEMENTED
//	offered PARAM, PARAM…    a client offers it with these parameters; else UNIMPLEMENTED
//
// A LIST is of parameters for what the device sends: no_context_takeover,
// max_window_bits=9, the two with a semicolon between them, or plain for none.
// A PARAM is server_max_window_bits or another parameter that each of a client's
// offers has, NAME<15 with a value below that, -NAME one that none has.
//
// An EDIT is one of Name: "value", +Name: "value" (one more), -Name (none),
// Name as "nAME", start "whole line", line "as it is", reverse, end "\n".
// In a value {x*N} is N times x, and {target}, {authority}, {key} and {accept}
// are what the ordinary handshake has; {accept flipped}, {accept swapped},
// {accept cut} and {accept other} are answers that are wrong.
//
// A PACE, after request, response, send and octets, says how they go out: chop=N
// octets a write, or cut=I,J… writes that end after these octets; every=TIME
// waits between writes, after=TIME before the first; of upto=N only N octets go
// out. An opening of that kind opens nothing: half-close is all that is played,
// and a drop or a reset leaves at once.
//
// # Steps
//
//	send FRAME, FRAME…            all in one write
//	send PACE FRAME…              in several writes, or not in full
//	send fragment=N FRAME…        frames cut into fragments of N payload octets
//	octets PACE "as they are"     octets that need be no frames
//	reply FRAME…                  the device answers these messages, as its profile says
//	may reply FRAME…              likewise, or fails the connection first: NON-STRICT
//	must FRAME…                   the protocol itself answers so, and nothing else
//	should FRAME…                 likewise, or fails the connection first: NON-STRICT
//	should fail CODE within TIME  the connection is failed in time; if not, NON-STRICT
//	quiet TIME                    the connection stays open and silent
//	rally N FRAME                 a message, N times, each when the last was answered
//	rally N FRAME CORPUS[:SIZE]   likewise, each with the next SIZE characters of a corpus,
//	                              octets if it is binary: json, bitmap, prose, html, packed
//	rally N … fragment=N          cut into fragments of N octets, compressed if it is
//	rally N … blocks=KIND         compressed in stored blocks, or in several
//	within TIME                   the device has so long for each answer from here on
//	informational                 the outcome is left open
//	stall TIME                    we read nothing
//	unanswered TIME               nothing is answered; the peer may end the connection
//	tolerate CODE FRAME…          the connection is failed; the right answers are NON-STRICT
//	still there                   a ping is answered, after whatever else comes
//	open                          a ping does not end the connection, answered or not
//	half-close                    our direction of TCP ends
//	obey ROW                      the peer's half of the handshake keeps a row: SRS-05
//	given FACT                    informational unless the profile states origins, paths, auth
//	beside N { … }                this script on N further connections; its deflate must be agreed on if ours is
//
// A FRAME is its name (text, binary, continuation, ping, pong, close, opcode3…),
// how it departs from the lawful (fin=0 rsv=4 mask=wrong key=XXXXXXXX length=N form=64
// octets=I:J, in this order) and its payload: "as it is", "unit"*times or
// "unit"[:octets]. That of a close may be a status and a reason: close 1000 "bye".
//
// # Endings, one a script, last
//
//	close CODE         we begin the closing handshake, and the peer completes it
//	must answer CODE…  we have sent a Close frame; the peer answers with one of these, or none
//	must reject CODE…  our Close frame was bad; likewise, or the peer drops
//	must fail CODE…    the peer fails the connection, with one of these, or none
//	must refuse CODE…  the peer refuses the opening handshake, with one of these if any are named
//	must refuse version CODE…  likewise, and names version 13
//	must let go CODE…  likewise, and then ends TCP or answers another request
//	may refuse CODE…   the peer refuses the opening handshake, or we close normally
//	may fail CODE…     the peer fails the connection when an answer is due, or we close normally
//	should not fail CODE…      likewise, or refuses the opening handshake: NON-STRICT
//	drop               we leave without a word
//	reset              likewise, with a reset of TCP
package conformance
