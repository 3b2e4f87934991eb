package echo

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
)

// refusal is all that a connection too many gets. Its request is not read: that
// would cost what the limit is there to save.
const refusal = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

// A limited listener refuses connections while too many are open.
type limited struct {
	net.Listener
	most int           // 0 is for no limit
	open *atomic.Int64 // those accepted here and not yet gone
	log  *lineLog
	told bool // that the limit was reached
}

// Accept returns the next connection that is within the limit.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		open := int(l.open.Load())
		if l.most == 0 || open < l.most {
			l.open.Add(1)
			l.told = l.told && open > l.most/2 // once for each rush
			return &door{Conn: c, log: l.log}, nil
		}
		l.refuse(c)
	}
}

func (l *limited) refuse(c net.Conn) {
	if !l.told {
		l.told = true
		l.log.note("Refused connections, as %d are open", l.most)
	}
	// To others than TCP, as under TLS, nothing can be said without waiting.
	if _, ok := socketOf(c).(*net.TCPConn); ok && secured(c) == nil {
		_, _ = c.Write([]byte(refusal)) // into an empty buffer
	}
	_ = c.Close()
}

// follow is told by net/http of a connection's state. Hijacked ones are counted
// out by who hijacked them.
func (h *handler) follow(c net.Conn, state http.ConnState) {
	if d, ok := c.(*door); ok && state == http.StateActive {
		d.heard = false // a request has come, or what net/http takes for none
	}
	if state != http.StateClosed {
		return
	}
	h.open.Add(-1)
	if t := secured(c); t != nil && t != c && !t.ConnectionState().HandshakeComplete {
		err := t.Handshake() // tells why it failed, once more
		fmt.Fprintf(h.log, "TLS handshake error from %s: %v\n", c.RemoteAddr(), err)
	}
}
