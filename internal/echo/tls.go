package echo

import (
	"crypto/tls"
	"net"
	"net/http"
)

// secured is the TLS connection that c is, or that c stands around: net/http
// knows only the former. It is nil if there is none.
func secured(c net.Conn) *tls.Conn {
	for {
		switch socket := c.(type) {
		case *tls.Conn:
			return socket
		case interface{ NetConn() net.Conn }:
			c = socket.NetConn()
		default:
			return nil
		}
	}
}

// isSecured reports whether a request came over TLS.
func isSecured(r *http.Request) bool { return r.TLS != nil || secured(socketBehind(r)) != nil }
