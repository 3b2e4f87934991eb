package engineio

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// probeTime is how long a WebSocket may probe before the session is its own.
const probeTime = 10 * time.Second

// expect holds back what waits for polls until a WebSocket has arrived: its client
// may poll as soon as it has the 101, and throw away what it gets there.
func (s *session) expect() (arrived func()) {
	if s == nil {
		return func() {}
	}
	s.change(func() { s.expected++ })
	return sync.OnceFunc(func() { s.change(func() { s.expected-- }) })
}

// play serves a WebSocket until it or its session ends. It has arrived when it is
// its session's.
func (s *Server) play(ctx context.Context, q query, conn Conn, arrived func()) error {
	session := q.session
	attached := session != nil && session.attach(conn)
	arrived()
	if attached {
		if err := session.probe(conn); err != nil {
			session.detach()
			return err
		}
		return session.run(ctx, conn)
	}
	// A session of its own; or one of long ago, or whose WebSocket the device
	// has forgotten, taken up again without asking for it: no packet "0" then.
	session = s.begin(q, conn)
	if session == nil {
		return Fault(errFull.message)
	}
	if q.sid == "" {
		session.putNow(session.hello(""))
	}
	session.putNow(session.unasked()...)
	return session.run(ctx, conn)
}

// attach makes conn the session's, to probe, if it has no other.
func (s *session) attach(conn Conn) (attached bool) {
	s.change(func() {
		if attached = !s.ended && s.conn == nil; attached {
			s.conn = conn
		}
	})
	return attached
}

// detach leaves the session to polling.
func (s *session) detach() {
	s.change(func() { s.conn, s.carrier = nil, byPolling })
}

// probe answers a WebSocket until the client lets it take over. Some send "5"
// without waiting for the answer to their "2probe".
func (s *session) probe(conn Conn) error {
	defer time.AfterFunc(probeTime, conn.Close).Stop()
	for {
		text, binary, err := conn.Read()
		switch {
		case err != nil:
			return err
		case binary || text == "":
			return Fault("no packet in the probing message")
		case text[0] == packetPing:
			s.change(func() { s.carrier = byProbing })
			err = conn.Write(string(packetPong) + text[1:])
		case text == string(packetUpgrade):
			// Node sends nothing here; usocketio waits for a noop.
			err = conn.Write(string(packetNoop))
			s.change(func() { s.carrier = byWebSocket })
			return err
		default:
			return Fault(fmt.Sprintf("packet of type %q before the upgrade", text[0]))
		}
		if err != nil {
			return err
		}
	}
}

// run takes what comes from the session's WebSocket, and sends what waits for
// the client, until either side ends. An end that the session knows is no error.
func (s *session) run(ctx context.Context, conn Conn) error {
	var pump sync.WaitGroup
	pump.Go(func() { s.pump(conn) })
	defer pump.Wait()
	defer s.end()
	for {
		text, binary, err := conn.Read()
		switch {
		case err != nil && s.isOver():
			return nil
		case err != nil:
			return err
		case binary && s.endpoint.plain:
			return Fault("binary messages are not echoed")
		case binary:
			continue // belongs to an event that is refused
		}
		if err := s.receive(ctx, text); errors.Is(err, errOver) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// pump writes the queue to the WebSocket, and what is left of it at the end.
func (s *session) pump(conn Conn) {
	for over := false; !over; {
		err := s.await(context.Background(), func() bool { return len(s.queue) > 0 })
		packets := s.take()
		s.mu.Unlock()
		over = err != nil
		for _, p := range packets {
			if conn.Write(p) != nil {
				s.end()
				return
			}
		}
	}
}

func (s *session) isOver() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}
