package echo

import (
	"bytes"
	"net"
)

// A door is a connection until its opening handshake is done. It shows what net/http
// answers by itself to requests that the handler never gets: to a head that is too
// long, to one without Host.
type door struct {
	net.Conn
	log   *lineLog
	heard bool // the handler has the request that is answered next
}

// heardAt notes that the handler has the latest request of a connection.
func heardAt(c net.Conn) {
	if d, ok := c.(*door); ok {
		d.heard = true
	}
}

// behind is the connection itself.
func behind(c net.Conn) net.Conn {
	if d, ok := c.(*door); ok {
		return d.Conn
	}
	return c
}

// Write writes an answer. net/http writes its own ones whole.
func (d *door) Write(answer []byte) (int, error) {
	line, _, _ := bytes.Cut(answer, []byte("\r\n"))
	if status, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 ")); ok && !d.heard && string(status) >= "4" {
		d.log.refused(d.RemoteAddr().String(), string(status))
	}
	return d.Conn.Write(answer)
}

// CloseWrite is for net/http, which so gives the peer time to read its answer.
func (d *door) CloseWrite() error {
	if half, ok := d.Conn.(halfCloser); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn returns the connection itself; see [socketOf].
func (d *door) NetConn() net.Conn { return d.Conn }
