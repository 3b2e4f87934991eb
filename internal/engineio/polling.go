package engineio

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// answerTime is how long an answer may take to go.
const answerTime = 10 * time.Second

// writeSoon sets the deadline of an answer anew: that of the http.Server counts
// from the request, for whose answer there may have been a wait.
func writeSoon(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTime))
}

// open begins a session, and says so.
func (s *Server) open(w http.ResponseWriter, r *http.Request, q query) {
	begun := s.begin(q, nil)
	if begun == nil {
		s.refuse(w, r, errFull)
		return
	}
	s.o.Log.Connected(r.RemoteAddr)
	packets := []string{begun.hello(`"websocket"`)}
	if unasked := begun.unasked(); unasked != nil {
		// Devices use no more of this answer: greetings wait for the WebSocket.
		packets = append(packets, unasked[0])
		begun.putNow(unasked[1:]...)
	}
	s.answer(w, r, begun.framing, packets)
}

// poll answers with what waits for the client, as soon as there is something.
func (s *Server) poll(w http.ResponseWriter, r *http.Request, session *session) {
	packets := session.next(r.Context())
	writeSoon(w)
	s.answer(w, r, session.framing, packets)
}

// next is what a poll is answered with: the queue; or a noop if a newer poll, or
// a WebSocket, takes it; or a close at the session's end, and the server's.
func (s *session) next(ctx context.Context) (packets []string) {
	var mine int
	s.change(func() {
		s.used = true
		s.poll++
		mine = s.poll
	})
	gone := func() bool { return s.poll != mine || s.carrier != byPolling }
	err := s.await(ctx, func() bool { return gone() || len(s.queue) > 0 && s.conn == nil && s.expected == 0 })
	defer s.mu.Unlock()
	switch {
	case s.ended:
		return append(s.take(), string(packetClose))
	case err != nil:
		return []string{string(packetClose)}
	case gone():
		// What waits goes by WebSocket: usocketio throws away what it polls here.
		return []string{string(packetNoop)}
	}
	return s.take()
}

// answer writes packets: head and body at once, as far as they are short.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, framing Framing, packets []string) {
	for _, p := range packets {
		s.o.Log.Packet('>', p)
	}
	body := framing.Encode(nil, packets...)
	header := w.Header()
	if framing == Binary {
		// usocketio knows one Content-Type, and has no use for the rest.
		header.Set("Content-Type", "application/octet-stream")
		header.Set("Connection", "close")
		header["Date"] = nil
	} else {
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		header.Set("X-Content-Type-Options", "nosniff")
	}
	allowOrigin(w, r)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who went will poll again, or be forgotten
	// Here, and not some time after: a server that stops waits for no more.
	_ = http.NewResponseController(w).Flush()
}
