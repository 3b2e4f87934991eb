package witness

import (
	"bytes"
	"fmt"
	"net"
	"strconv"

	"wsprobe/internal/handshake"
)

const (
	opening     = "RFC 6455 §4.1"
	maxShown    = 16 // octets of a payload that a violation shows
	maxHeadSeen = 96 // octets of a head that a violation shows
)

// requestOctets takes octets of a request's head and returns how many.
func (w *watch) requestOctets(b []byte) int {
	h := &w.in.head
	n, begins, ends := h.write(b)
	switch {
	case ends:
		w.request()
	case h.full():
		w.unreadable(fmt.Sprintf("no end of the request within %d octets", maxHead))
	case begins:
		if _, ok := h.request(); !ok {
			w.unreadable("what begins so is no HTTP request")
		}
	}
	return n
}

// unreadable gives up on a connection whose device does not speak HTTP.
func (w *watch) unreadable(why string) {
	w.meet("", "")
	w.brokeWith("CRQ-01", opening, why, w.in.head.octets, maxHeadSeen)
	w.witness.metrics.handshakes.WithLabelValues(broken).Inc()
	w.in.head, w.in.phase = head{}, unread
}

// request takes a whole request.
func (w *watch) request() {
	r, ok := w.in.head.request()
	octets := w.in.head.octets
	w.in.head = head{}
	if w.out.phase == awaiting {
		w.out.phase, w.out.head = heads, head{} // a device awaits an answer's end before it asks again
	}
	w.unanswered++
	switch {
	case !ok:
		w.in.phase = unread
	case !asksForUpgrade(r.Header):
		w.in.bodyOf(r.Header)
	default:
		w.in.phase = awaiting
		w.asked = r
		w.judgeRequest(r, octets)
	}
}

// asksForUpgrade tells an opening handshake, be it a broken one, from a browser
// that wants a page, or an Engine.IO client that polls.
func asksForUpgrade(h handshake.Header) bool {
	return h.Values("Upgrade") != nil || h.Values("Sec-WebSocket-Key") != nil
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

func (w *watch) judgeRequest(r handshake.Request, octets []byte) {
	w.meet(r.Header.Get("User-Agent"), r.Target)
	for _, v := range handshake.CheckRequest(r) {
		w.brokeWith(v.Row, v.Clause, v.Detail, fieldOctets(octets, v.Row), maxHeadSeen)
	}
	if why := portMissing(r.Header.Values("Host"), w.local, w.usual); why != "" {
		w.brokeWith("CRQ-04", opening, why, fieldOctets(octets, "CRQ-04"), maxHeadSeen)
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	if sixteen, err := handshake.KeyOctets(key); err == nil {
		if why := w.device.stale([16]byte(sixteen)); why != "" {
			w.brokeWith("CRQ-08", opening, why, fieldOctets(octets, "CRQ-08"), maxHeadSeen)
		}
	}
}

// portMissing says so if a Host field leaves out a port that it must have: "if
// port is not the default" (RFC 6455 §4.1). Other faults are not its matter.
func portMissing(hosts []string, port, usual int) string {
	if len(hosts) != 1 || hosts[0] == "" || port == 0 || port == usual {
		return ""
	}
	if _, _, err := net.SplitHostPort(hosts[0]); err == nil {
		return ""
	}
	return fmt.Sprintf("Host %s leaves out the port, which is %d", strconv.QuoteToASCII(hosts[0][:min(len(hosts[0]), 64)]), port)
}

// fieldOctets is the line of a head that a rule is about, or the head's
// beginning if it is about none, or about one that is missing.
func fieldOctets(octets []byte, row string) []byte {
	name := map[string]string{
		"CRQ-04": "host", "CRQ-05": "upgrade", "CRQ-06": "connection", "CRQ-07": "sec-websocket-key", "CRQ-08": "sec-websocket-key",
		"CRQ-09": "sec-websocket-version", "CRQ-10": "sec-websocket-protocol", "CRQ-11": "sec-websocket-extensions", "CRQ-12": "origin",
		"CRQ-13": "sec-websocket-key", "CRQ-14": "sec-websocket-version",
	}[row]
	if name == "" {
		return octets
	}
	for line := range bytes.Lines(octets) {
		if before, _, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(before, []byte(name)) {
			return bytes.TrimRight(line, "\r\n")
		}
	}
	return octets
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
		w.out.head = head{}
		if w.out.phase = awaiting; ok {
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
	if w.unanswered > 0 {
		w.unanswered--
	}
	asked := w.unanswered == 0 && w.asked.Method != ""
	switch {
	case asked && r.Status == 101:
		w.open(r)
	case asked:
		w.refuse()
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
	w.publish(Opened, func() Event { d := w.device.snapshot(false); return Event{Device: &d} })
	if len(w.early) > 0 {
		w.brokeWith("CRQ-15", opening, "octets before the server has answered", w.early, maxShown)
	}
	if w.in.phase == awaiting {
		w.in.phase = frames
		w.takeEarly()
	}
}

// refuse takes any other answer: the device may ask again.
func (w *watch) refuse() {
	w.witness.metrics.handshakes.WithLabelValues(refused).Inc()
	w.asked = handshake.Request{}
	if w.in.phase == awaiting {
		w.in.phase = heads
		w.takeEarly()
	}
}

func (w *watch) takeEarly() {
	early := w.early
	w.early = nil
	w.received(early, w.now)
}
