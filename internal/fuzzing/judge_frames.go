package fuzzing

import (
	"bytes"
	"fmt"
	"slices"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// frames judges what the device sent as frames, whatever they say.
func (j *judge) frames() {
	closed := false
	for _, h := range j.encounter.Heard {
		for _, v := range h.Violations {
			j.add(conformance.KindIllegal, rule(v.Row, v.Detail), "the device sent %v", v)
		}
		if closed {
			j.add(conformance.KindIllegal, "a frame after the device's own Close frame", "the device sent %v after its Close frame (RFC 6455 §5.5.1)", h.Header)
		}
		if h.Header.Opcode == wire.Close {
			closed = true
			j.closeFrame(h.Payload)
		}
	}
}

// closeFrame judges a Close frame of the device's. "When sending a Close frame
// in response, the endpoint typically echos the status code it received" (RFC
// 6455 §5.5.1), so 1010, which only a client may send, is no fault of an echo;
// and who gives back a reason of ours that is not UTF-8 has put up with it.
func (j *judge) closeFrame(payload []byte) {
	for _, v := range wire.CheckClose(payload, j.device) {
		ours, _ := j.closeOfOurs()
		if v.Row != "COD-13" && (v.Row != "CLS-21" || !bytes.Equal(ours.Payload, payload)) {
			j.add(conformance.KindIllegal, rule(v.Row, v.Detail), "the device sent %v", v)
		}
	}
}

// ending judges how the connection came to its end.
func (j *judge) ending() {
	e, f := j.encounter, j.forecast
	heard, code := j.heardClose()
	failed := heard && fails(code)
	switch {
	case f.Fails() && e.Ours && !heard && !j.answeredBeyond():
		j.add(conformance.KindHang, "neither fails the connection nor answers: "+rule(f.Fault.Row, f.Fault.Detail),
			"after %s the device did nothing, and did not end TCP", f.Fault.Detail)
	case f.Fails() && !failed && (e.Ours || heard && j.weClosed() && code == j.ourCode()):
		j.add(conformance.KindLenient, rule(f.Fault.Row, f.Fault.Detail), "puts up with %s (%s)", f.Fault.Detail, f.Fault.Clause)
	case f.Fails() && !(e.Ours && failed):
	case e.Ours && f.Closed && !heard:
		j.add(conformance.KindHang, "a Close frame without an answer", "our Close frame was not answered, and TCP not ended%s", j.open())
	case e.Ours && f.Within && e.Left: // else it waits for the rest
		j.add(conformance.KindHang, "our end of TCP within a frame is not noticed", "after our FIN within a frame the device did not end TCP")
	case e.Ours && heard && j.device == wire.Server:
		j.add(conformance.KindHang, "TCP is not ended after the closing handshake", "after both Close frames the device did not end TCP (RFC 6455 §7.1.1)")
	case e.Ours:
	case f.Fault != nil: // over which the device may have failed the connection early
	case f.Within && e.Left: // the frame never comes: to fail the connection is right
	case heard && (code == wire.ProtocolError || code == wire.InvalidPayload || code == wire.InternalError) && code != j.ourCode() && !j.either():
		j.add(conformance.KindDesync, fmt.Sprintf("lawful frames are refused with %d", code), "the device closed with %d, though all that it was sent is lawful", code)
	case !heard && !f.Within && !e.Left && (j.plain || len(e.Heard) > 0):
		j.add(conformance.KindDesync, "lawful frames make it drop the connection", "the device dropped the connection without a Close frame (%s), though all that it was sent is lawful", e.End)
	}
}

// open names what the device was sent before our Close frame, and has not answered
// either: there it may have hung already.
func (j *judge) open() (what string) {
	if due, kind := j.due(); kind != conformance.AnswerStream {
		if n := len(j.came(due)); n < len(due) {
			what = fmt.Sprintf("; nor was the %v %s before it", due[n].opcode, brief(due[n].payload))
		}
	}
	for _, a := range slices.Backward(j.forecast.Acts) {
		if a.Opcode != wire.Ping {
			continue
		}
		if !slices.ContainsFunc(j.encounter.Heard, func(h runner.Heard) bool { return h.Header.Opcode == wire.Pong && bytes.Equal(h.Payload, a.Payload) }) {
			what += fmt.Sprintf("; nor was the ping %s before it", brief(a.Payload))
		}
		break // the last stands for those before (RFC 6455 §5.5.3)
	}
	return what
}

// fails reports whether a status is one with which an endpoint fails the connection:
// it "SHOULD send a Close frame with an appropriate status code" (RFC 6455 §7.1.7).
// Where a Close frame of ours came after a fault with the same, it may be an echo, or
// not: the device has the benefit of the doubt.
func fails(code wire.StatusCode) bool {
	switch code {
	case wire.ProtocolError, wire.UnsupportedData, wire.InvalidPayload, wire.PolicyViolation, wire.MessageTooBig, wire.InternalError:
		return true
	}
	return false
}
