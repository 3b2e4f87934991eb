package echo

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
)

// asksForUpgrade tells an opening handshake, be it a broken one, from a browser
// that wants a page. What is broken about it is the library's to say.
func asksForUpgrade(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || r.Header.Get("Sec-WebSocket-Key") != ""
}

// An upgrade is the response to an opening handshake.
//
// It spells header names as RFC 6455 does: net/http would write
// Sec-Websocket-Accept, which devices that compare octets do not find. And it
// puts a conn between the library and the socket.
type upgrade struct {
	http.ResponseWriter
	buffers     *bufferPool
	agreed      *agreement // on compression, nil for none
	objection   func(net.Conn) (good int, objection error)
	conn        *conn  // once hijacked
	subprotocol string // that was selected; the library looks for it by the other name
}

// WriteHeader writes the header.
func (u *upgrade) WriteHeader(status int) {
	header := u.Header()
	for name, values := range header {
		if rest, ok := strings.CutPrefix(name, "Sec-Websocket-"); ok {
			delete(header, name)
			header["Sec-WebSocket-"+rest] = values
			if rest == "Protocol" {
				u.subprotocol = values[0]
			}
		}
	}
	if status == http.StatusSwitchingProtocols {
		header["Date"] = nil // no use to a device with a small buffer
		if u.agreed != nil {
			header["Sec-WebSocket-Extensions"] = []string{u.agreed.String()}
		}
	}
	u.ResponseWriter.WriteHeader(status)
}

// Hijack is what the library calls after the 101.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	socket, buffered, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	// The library keeps both buffers. It sets the reader to read from what is
	// returned here; the writer is for us to set.
	u.conn = &conn{Conn: socket, secured: secured(socket) != nil, objection: u.objection, pool: u.buffers}
	u.conn.incoming.inflates = u.agreed != nil
	u.conn.early = make([]byte, buffered.Reader.Buffered())
	_, _ = io.ReadFull(buffered, u.conn.early) // so that the library reads it from the conn
	buffered.Writer.Reset(u.conn)
	return u.conn, buffered, nil
}
