package witness

import (
	"crypto/tls"
	"net"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// phase is what the next octets of a direction belong to.
type phase uint8

const (
	heads    phase = iota // a request, or a response
	body                  // what follows it; bodyLeft says how much
	awaiting              // nothing is due: a device has asked for a WebSocket, a server has answered
	frames
	unread // neither is known any more
)

// maxEarly is how many octets are kept that come before the answer to an
// opening handshake. A server has no room for many more.
const maxEarly = 4 << 10

// half is one direction of a connection.
type half struct {
	phase    phase
	head     head
	bodyLeft uint64
	stream   stream
	closed   bool // a Close frame went this way
	closedAt time.Time
}

// A watch is what is known of one connection. Its methods are called one at a
// time.
type watch struct {
	witness *Witness
	address string    // the device's, with port
	local   int       // the server's port
	usual   int       // the port that a Host field may leave out
	secured *tls.Conn // nil without TLS
	since   time.Time
	now     time.Time

	in, out       half
	unanswered    int               // requests
	asked         handshake.Request // for a WebSocket, until it is answered
	early         []byte            // what came before the answer
	device        *record           // nil until it asks for a WebSocket
	masks         masks
	wasRefused    bool              // a request for a WebSocket was refused
	offersDeflate bool              // the last of these requests does
	inflating     *inflating        // nil unless compression is agreed on
	pings         *pings            // of the server's, not answered; nil for none
	counts        map[string]uint64 // of violations, by row
	pending       []Violation       // whose octets are still to come
	objected      Violation         // the first that binds; see Objection
	lawful        int               // octets of the read with it that come before its frame
	frameAt       int               // where in the last read the frame begins that is under way, 0 for before it
	messageAt     time.Time         // when the message came whose answer is awaited

	initiator  string          // who sent the first Close frame
	code       string          // its code, as a label
	status     wire.StatusCode // and as a number, 0 for none
	late       bool            // the server has stopped to wait for more
	deviceEnd  bool            // the device closed its half of TCP first
	finishedAt time.Time       // when it did so, sooner or later; zero if it did not, or reset TCP
	serverEnd  bool            // the server closed its half first
	ended      bool
}

// Results of opening handshakes, and who begins to close.
const (
	opened     = "opened"
	refused    = "refused"
	turnedAway = "turned_away"
	broken     = "broken"

	byDevice = "device"
	byServer = "server"
)

func newWatch(witness *Witness, socket net.Conn) *watch {
	witness.metrics.connections.Inc()
	witness.metrics.open.Inc()
	now := time.Now()
	w := &watch{witness: witness, address: socket.RemoteAddr().String(), since: now, now: now, usual: 80}
	if w.secured, _ = socket.(*tls.Conn); w.secured != nil {
		w.usual = 443
	}
	if tcp, ok := socket.LocalAddr().(*net.TCPAddr); ok {
		w.local = tcp.Port
	}
	w.in.stream.from, w.out.stream.from = wire.Client, wire.Server
	return w
}

// received takes octets that the device sent.
func (w *watch) received(b []byte, now time.Time) {
	w.now, w.frameAt = now, 0
	all := len(b)
	for len(b) > 0 {
		switch w.in.phase {
		case heads:
			b = b[w.requestOctets(b):]
		case body:
			b = w.in.skip(b, heads)
		case awaiting:
			w.keepEarly(b)
			return
		case frames:
			if w.in.stream.have == 0 {
				w.frameAt = all - len(b)
			}
			b = w.frameOctets(&w.in, b)
		default:
			w.witness.metrics.unread.Add(float64(len(b)))
			return
		}
	}
}

// sent takes octets that the server is about to send.
func (w *watch) sent(b []byte, now time.Time) {
	w.now = now
	for len(b) > 0 {
		switch w.out.phase {
		case heads:
			b = b[w.responseOctets(b):]
		case body:
			b = w.out.skip(b, heads)
		case frames:
			b = w.frameOctets(&w.out, b)
		default:
			return
		}
	}
}

// skip passes over what is left of a body.
func (h *half) skip(b []byte, next phase) []byte {
	n := min(uint64(len(b)), h.bodyLeft)
	if h.bodyLeft -= n; h.bodyLeft == 0 {
		h.phase = next
	}
	return b[n:]
}
