package page

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	patience  = 10 * time.Second // with a visitor that does not read what changes
	heartbeat = 15 * time.Second // of silence, after which a visitor may be gone
	lifetime  = 10 * time.Minute // of a stream, so that who never reads goes even if nothing changes
)

// follow writes a stream of server-sent events to a visitor, as long as it
// reads. tell writes what has changed since it was called last, and reports
// whether there will be more.
func (p *Page) follow(w http.ResponseWriter, r *http.Request, tell func(io.Writer) (more bool)) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ctx, leave := p.visitors.enter(r.Context(), host)
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, lifetime)
	defer cancel()
	s := &stream{to: w, control: http.NewResponseController(w), ctx: ctx}
	defer s.begin()()
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		more := tell(s)
		err := s.flush()
		if errors.Is(err, os.ErrDeadlineExceeded) && context.Cause(ctx) != errCrowded {
			p.visitors.dropped.Add(1)
		}
		if err != nil || !more {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// A stream is the response that goes on. The servers that have the page limit how
// long a response may take: here, that is for each write.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController
	ctx     context.Context // ends when the visitor has to go
	written bool            // since the last flush
	last    time.Time       // that something was written
	err     error
}

// begin writes the head. A visitor that has to go does not keep a write waiting;
// end ends that.
func (s *stream) begin() (end func()) {
	h := s.to.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	stop := context.AfterFunc(s.ctx, func() { _ = s.control.SetWriteDeadline(time.Now()) })
	_, _ = io.WriteString(s, "retry: 2000\n\n")
	return func() { stop() }
}

// Write writes to the visitor, which has a while to take it.
func (s *stream) Write(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if !s.written {
		s.written, s.last = true, time.Now()
		_ = s.control.SetWriteDeadline(s.last.Add(patience))
		if s.err = s.ctx.Err(); s.err != nil {
			_ = s.control.SetWriteDeadline(time.Now())
			return 0, s.err
		}
	}
	n, err := s.to.Write(b)
	s.err = err
	return n, err
}

// flush sends what was written, or a sign of life if it was nothing for long.
func (s *stream) flush() error {
	if !s.written && time.Since(s.last) >= heartbeat {
		_, _ = io.WriteString(s, ":\n\n")
	}
	if s.written && s.err == nil {
		s.err = s.control.Flush()
	}
	s.written = false
	return s.err
}

// event writes an event. Its data may have several lines.
func event(w io.Writer, name, data string) {
	_, _ = io.WriteString(w, "event: "+name+"\n")
	for line := range strings.SplitSeq(data, "\n") {
		_, _ = io.WriteString(w, "data: "+strings.ReplaceAll(line, "\r", "")+"\n")
	}
	_, _ = io.WriteString(w, "\n")
}

// allEvents is a stream of what changes in the list of devices: "row" has the
// HTML of a device's row, "order" the IDs of those shown, "summary" its HTML.
func (p *Page) allEvents(w http.ResponseWriter, r *http.Request) {
	var seen uint64
	p.follow(w, r, func(to io.Writer) bool {
		s := p.board.look(period)
		for _, row := range s.Rows {
			if row.changed > seen {
				event(to, "row", string(row.HTML))
			}
		}
		if s.ordered > seen {
			event(to, "order", strings.TrimSpace(s.order))
		}
		if s.summarized > seen {
			event(to, "summary", s.summaryHTML)
		}
		seen = s.number
		return true
	})
}

// oneEvents is a stream of what changes on the page of a device: "device" has
// its HTML. It ends when the device is known no more.
func (p *Page) oneEvents(w http.ResponseWriter, r *http.Request) {
	d, ok := p.witness.Device(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	told := false
	p.follow(w, r, func(to io.Writer) bool {
		now, ok := p.witness.Device(d.ID)
		if ok && (now.Changes != d.Changes || !told) {
			event(to, "device", render("device", newDevice(now, time.Now())))
			d, told = now, true
		}
		return ok
	})
}
