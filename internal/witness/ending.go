package witness

import "time"

// How a connection ends, and who ends it.

// left notes that the device has closed its half of TCP, or reset it.
func (w *watch) left(reset bool, now time.Time) {
	w.now = now
	if !reset {
		w.finishedAt = w.now
	}
	if w.initiator == "" && !w.serverEnd {
		w.deviceEnd = true
	}
}

// turnAway notes that the server closes the connection and has not begun to read
// from it. If it has said something, that was counted.
func (w *watch) turnAway() {
	if !w.ended && w.out.phase == heads {
		w.witness.metrics.handshakes.WithLabelValues(turnedAway).Inc()
	}
}

// end ends the watch: nothing comes after it.
func (w *watch) end(now time.Time) {
	if w.ended {
		return
	}
	w.ended, w.now = true, now
	m := w.witness.metrics
	m.open.Dec()
	switch {
	case w.out.phase == frames:
		w.cutOff(&w.in)
		w.cutOff(&w.out)
		w.judgeEnd()
		w.closed()
	case w.in.phase == heads && w.in.head.begun && w.late:
		w.unreadable("CRQ-01", "no empty line came that ends the request")
	case w.in.phase == heads && w.in.head.begun && !w.finishedAt.IsZero():
		w.unreadable("CRQ-01", "the end of TCP within the request")
	case w.in.phase == awaiting, w.in.phase == heads && w.in.head.begun:
		m.handshakes.WithLabelValues(broken).Inc()
	}
	if w.device != nil {
		w.device.leave(w)
	}
	w.in.phase, w.out.phase = unread, unread
	w.in.head, w.out.head, w.early = head{}, head{}, nil
}

// cutOff takes a frame that the end of the connection has cut.
func (w *watch) cutOff(h *half) {
	if h.stream.begun {
		w.frameSeen(h, false)
	}
	w.sayPending(&h.stream)
}

// closed tells how the WebSocket connection ended.
func (w *watch) closed() {
	code := w.code
	if w.initiator == "" {
		w.initiator, code = byServer, "missing"
		if w.deviceEnd {
			w.initiator = byDevice
		}
	}
	w.witness.metrics.closes.WithLabelValues(code, w.initiator).Inc()
	w.publish(Closed, func() Event {
		return Event{Closing: &Closing{Initiator: w.initiator, Status: w.status, Missing: code == "missing", After: w.now.Sub(w.since)}}
	})
}
