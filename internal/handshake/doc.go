// Package handshake holds opening handshakes (RFC 6455 §4) as text, octet for
// octet, without judging.
//
// [NewRequest] and [NewResponse] make the ordinary handshake, an [Edit] departs
// from it in any way wanted, and Append writes what is there, lawful or not.
// [ReadRequest] and [ReadResponse] are bounded and report what came rather than
// refuse it: a line without a colon, a bare LF or a NUL is part of what a device
// sends, and the report needs it.
//
// What is held is judged apart: [CheckRequest] and [CheckResponse] name each
// requirement row that a handshake breaks, and [Usable] says in one sentence
// whether a peer has to go no further.
//
//	request := handshake.NewRequest("192.168.4.1", "/", handshake.NewKey(random))
//	conn.Write(request.Append(nil))
//	response, err := handshake.ReadResponse(reader, 64<<10)
//	…
//	err = handshake.Usable(handshake.CheckResponse(response, request))
package handshake
