package witness

import (
	"fmt"
	"slices"
	"time"
)

const (
	keptPings = 8 // not answered

	// answerTime is how long an answer may be under way: a little less than the
	// second that a server may wait for it.
	answerTime = 900 * time.Millisecond
)

// pings are those of the server that its device has not answered.
type pings struct {
	payloads []string  // the latest; only the last of them must be answered (RFC 6455 §5.5.3)
	since    time.Time // when the first of them went out
	other    bool      // pongs came since, for none of them
}

// pinged takes a ping of the server's.
func (w *watch) pinged(s *stream) {
	if w.pings == nil {
		w.pings = &pings{since: w.now}
	}
	p := w.pings
	if len(p.payloads) == keptPings {
		p.payloads = slices.Delete(p.payloads, 0, 1)
	}
	var buffer [kept]byte
	p.payloads = append(p.payloads, string(s.payload(buffer[:])))
}

// ponged takes a pong of the device's.
func (w *watch) ponged(s *stream) {
	if w.pings == nil {
		return
	}
	var buffer [kept]byte
	i := slices.Index(w.pings.payloads, string(s.payload(buffer[:])))
	switch {
	case i < 0:
		w.pings.other = true
	case i == len(w.pings.payloads)-1:
		w.pings = nil
	default:
		w.pings.payloads, w.pings.since = slices.Delete(w.pings.payloads, 0, i+1), w.now
	}
}

// judgePings, at a Close frame of the device's: after it no answer comes to what
// the server has asked.
func (w *watch) judgePings() {
	p := w.pings
	w.pings = nil
	switch {
	case p == nil || w.now.Sub(p.since) < answerTime:
	case p.other:
		w.brokeWith("CTL-05", "RFC 6455 §5.5.3", fmt.Sprintf("pongs, but none with what the ping %q holds", p.payloads[len(p.payloads)-1]), nil, 0)
	default:
		w.brokeWith("CTL-04", "RFC 6455 §5.5.2", fmt.Sprintf("no pong to the ping %q", p.payloads[len(p.payloads)-1]), nil, 0)
	}
}

// judgeEnd, at the end of TCP: "If an endpoint receives a Close frame and did not
// previously send a Close frame, the endpoint MUST send a Close frame in response"
// (RFC 6455 §5.5.1). Who left soon, within a frame or with a reset may not have
// read it.
func (w *watch) judgeEnd() {
	if w.out.closed && !w.in.closed && w.finishedAt.Sub(w.out.closedAt) >= answerTime && w.in.stream.have == 0 {
		w.brokeWith("CLS-01", "RFC 6455 §5.5.1", "the end of TCP, and no close frame in answer to the server's", nil, 0)
	}
}
