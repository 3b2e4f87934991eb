package witness

import (
	"bytes"
	"fmt"
	"strconv"

	"wsprobe/internal/handshake"
)

const (
	openingClause = "RFC 6455 §4.1"
	maxShown      = 16 // octets of a payload that a violation shows
	maxHeadSeen   = 96 // octets of a head that a violation shows
)

// requestOctets takes octets of a request's head and returns how many.
func (w *watch) requestOctets(b []byte) int {
	h := &w.in.head
	n, begins, ends := h.write(b)
	switch {
	case begins && !h.beginsRequest():
		w.unreadable(w.whyNoRequest(), h.whatBegins())
	case ends:
		w.request()
	case h.full():
		w.unreadable("CRQ-01", fmt.Sprintf("no end of the request within %d octets", maxHead))
	}
	return n
}

// whatBegins says what cannot be a request. A record of TLS begins with its type, 22
// for a handshake, and the version 3 (RFC 8446 §5.1).
func (h *head) whatBegins() string {
	if bytes.HasPrefix(h.octets, []byte("\x16\x03")) {
		return "what begins so is TLS, and no HTTP request"
	}
	return "what begins so is no HTTP request"
}

// unreadable gives up on a connection whose device does not speak HTTP.
func (w *watch) unreadable(row, why string) {
	if w.device == nil {
		w.meet("", "")
	}
	octets, most := w.in.head.octets, maxHeadSeen
	if !isText(octets) {
		most = maxShown
	}
	w.brokeWith(row, openingClause, why, octets, most)
	w.witness.metrics.handshakes.WithLabelValues(broken).Inc()
	w.in.head, w.in.phase = head{}, unread
}

// whyNoRequest is the rule that octets break that are no request. After a refusal
// a first octet that no text has is that of a frame, and "the client handles the
// response per HTTP procedures" (RFC 6455 §4.1) otherwise.
func (w *watch) whyNoRequest() (row string) {
	if w.wasRefused && w.in.head.octets[0]&0x80 != 0 {
		return "CRV-01"
	}
	return "CRQ-01"
}

// request takes a whole request.
func (w *watch) request() {
	r := w.in.head.request()
	octets := w.in.head.octets
	w.in.head = head{}
	if w.out.phase == awaiting {
		w.out.phase, w.out.head = heads, head{} // a device awaits an answer's end before it asks again
	}
	w.unanswered++
	if !r.AsksForUpgrade() {
		w.in.bodyOf(r.Header)
		return
	}
	w.in.phase, w.asked = awaiting, r
	w.objected = Violation{} // what a request has that was refused is done with
	w.judgeRequest(r, octets)
}

// bodyOf sets the phase after a head.
func (h *half) bodyOf(header handshake.Header) {
	length := header.Get("Content-Length")
	n, err := strconv.ParseUint(length, 10, 63)
	switch {
	case header.Values("Transfer-Encoding") != nil || length != "" && err != nil:
		h.phase = unread
	case n > 0:
		h.phase, h.bodyLeft = body, n
	default:
		h.phase = heads
	}
}

// keepEarly keeps what a device sends before it is answered.
func (w *watch) keepEarly(b []byte) {
	n := min(len(b), maxEarly-len(w.early))
	w.early = append(w.early, b[:n]...)
	if n < len(b) {
		w.in.phase = unread
		w.witness.metrics.unread.Add(float64(len(b) - n))
	}
}

// responseOctets takes octets of a response's head and returns how many.
func (w *watch) responseOctets(b []byte) int {
	h := &w.out.head
	n, _, ends := h.write(b)
	switch {
	case ends:
		r, ok := h.response()
		w.out.head, w.out.phase = head{}, awaiting
		if ok {
			w.response(r)
		}
	case h.full():
		w.out.head, w.out.phase = head{}, awaiting
	}
	return n
}

// response takes the head of a response.
func (w *watch) response(r handshake.Response) {
	if r.Status < 200 && r.Status != 101 {
		w.out.phase = heads // another follows
		return
	}
	if w.unanswered == 0 { // a server may refuse who has not asked yet
		if w.in.phase == heads && !w.in.head.begun {
			w.witness.metrics.handshakes.WithLabelValues(turnedAway).Inc()
		}
		w.tellRefusal(r)
		return
	}
	w.unanswered--
	asked := w.asked.Method != "" && (w.unanswered == 0 || r.Status == 101) // a 101 answers nothing else
	switch {
	case asked && r.Status == 101:
		w.open(r)
	case asked:
		w.refuse(r)
	default:
		w.witness.metrics.plain.Inc()
	}
	if r.Status != 101 && w.unanswered > 0 {
		w.out.bodyOf(r.Header) // another answer is due without another request
	}
}

// open takes the 101: frames follow, both ways.
func (w *watch) open(r handshake.Response) {
	w.witness.metrics.handshakes.WithLabelValues(opened).Inc()
	w.device.opened(w.asked.Target, r.Header.Get("Sec-WebSocket-Protocol"))
	w.asked = handshake.Request{}
	w.out.phase = frames
	if w.inflating = agreed(r.Header); w.inflating != nil {
		w.in.stream.state.RSV, w.out.stream.state.RSV = 4, 4 // RFC 7692 §6
	}
	w.publish(Opened, func() Event { d := w.device.snapshot(); return Event{Device: &d} })
	if len(w.early) > 0 {
		w.brokeWith("CRQ-15", openingClause, "octets before the server has answered", w.early, maxShown)
	}
	w.takeEarly(frames)
}

// refuse takes any other answer: the device may ask again.
func (w *watch) refuse(r handshake.Response) {
	w.tellRefusal(r)
	w.witness.metrics.handshakes.WithLabelValues(refused).Inc()
	w.wasRefused = true
	w.asked = handshake.Request{}
	w.takeEarly(heads)
}

func (w *watch) tellRefusal(r handshake.Response) {
	w.publish(Refused, func() Event { return Event{Refusal: &Refusal{r.Status, r.Reason}} })
}

// takeEarly goes on with what came before the answer, unless too much did: frames
// cannot be found after a gap.
func (w *watch) takeEarly(next phase) {
	early := w.early
	w.early = nil
	if w.in.phase == awaiting {
		w.in.phase = next
	}
	w.received(early, w.now)
}
