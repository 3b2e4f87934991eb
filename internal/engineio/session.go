package engineio

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// A carrier is what takes a session's packets to the client.
type carrier uint8

const (
	byPolling carrier = iota
	byProbing         // polling no more, and the WebSocket not yet
	byWebSocket
)

// Limits of a session.
const (
	maxQueued    = 1 << 20 // octets that wait for the client, or one packet
	perPacket    = 32      // octets that a packet counts for above its own
	pingInterval = 25 * time.Second
	pingTimeout  = 20 * time.Second
)

var errOver = errors.New("session is over")

// A session is what a client has opened until it closes it, or is silent for
// too long. Its packets wait in a queue for the carrier.
type session struct {
	endpoint   endpoint
	sid        string
	revision   int // of Engine.IO: 3 or 4
	framing    Framing
	maxPayload int // octets of a body or message that comes
	opened     time.Time
	over       func() // once, at the end

	mu       sync.Mutex
	changed  chan struct{} // closed, and another made, with each change of what follows
	queue    []string
	queued   int // octets
	carrier  carrier
	conn     Conn // the WebSocket, be it probing
	expected int  // WebSockets that are on their way
	poll     int  // number of the latest
	posting  bool
	used     bool // after it was opened
	ended    bool
	joined   map[string]bool // namespaces

	silence *time.Timer // ends the session
	pinger  *time.Timer // revision 4
}

func newSession(q query, sid string, maxPayload int, conn Conn, over func()) *session {
	s := &session{
		endpoint: q.endpoint, revision: q.revision, framing: q.framing,
		sid: sid, maxPayload: maxPayload, conn: conn, over: over,
		opened: time.Now(), changed: make(chan struct{}), joined: make(map[string]bool),
	}
	if conn != nil {
		s.carrier = byWebSocket
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silence = time.AfterFunc(pingInterval+pingTimeout, s.end)
	if s.revision == 4 {
		s.pinger = time.AfterFunc(pingInterval, s.ping)
	}
	return s
}

// hello is the packet that opens the session. The sid comes first: a device
// looks for it in the first 256 octets only.
func (s *session) hello(upgrades string) string {
	hello := fmt.Sprintf(`0{"sid":%q,"upgrades":[%s],"pingInterval":%d,"pingTimeout":%d`,
		s.sid, upgrades, pingInterval.Milliseconds(), pingTimeout.Milliseconds())
	if s.revision == 4 {
		hello += fmt.Sprintf(`,"maxPayload":%d`, s.maxPayload)
	}
	return hello + "}"
}

// change calls f with the session locked, and tells who waits.
func (s *session) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// heard puts off the end.
func (s *session) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.used = true
		s.silence.Reset(pingInterval + pingTimeout)
	}
}

// ping queues one and comes again. A client with a full queue has enough to
// read.
func (s *session) ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if s.room("2") && s.carrier != byProbing {
		s.put(string(packetPing))
	}
	s.pinger.Reset(pingInterval)
}

// end ends the session, whoever finds that it has to.
func (s *session) end() {
	var conn Conn
	var first bool
	s.change(func() {
		first = !s.ended
		s.ended = true
		conn = s.conn
		s.silence.Stop()
		if s.pinger != nil {
			s.pinger.Stop()
		}
	})
	if !first {
		return
	}
	s.over()
	if conn != nil {
		conn.Close()
	}
}

// neverUsed tells whether nobody came back to the session after it was opened.
func (s *session) neverUsed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.used && s.conn == nil
}

// polled tells whether the session may be polled, and posted to.
func (s *session) polled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.carrier != byWebSocket
}
