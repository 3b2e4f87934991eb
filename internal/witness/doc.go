// Package witness watches what devices send and receive: a [net.Listener] is
// wrapped, and every octet that goes through its connections is decoded, timed,
// counted and held against the RFC, beside whatever server answers them.
//
//	w := witness.New(witness.Options{})
//	http.Serve(w.Listen(listener), handler)
//
// No octet is changed and none waits for anybody: judging is done in the
// goroutine that reads or writes, costs about a microsecond a frame, and hands
// on what it saw without blocking. Who follows it too slowly is told how much
// was missed.
//
// Only devices are judged, that is clients. What the server sends is decoded and
// counted. Compressed messages are inflated to be judged, within a bound, before
// they are handed on. A server that is to refuse what it would otherwise take may
// ask for an [Objection]; the witness itself refuses nothing.
//
// Everything that comes is hostile input. A connection holds a head of 64 KiB at
// most while its opening handshake lasts, and some 2 KiB afterwards, or some
// 70 KiB where messages are compressed; the number of devices kept is bounded,
// and so is what is kept of each.
package witness
