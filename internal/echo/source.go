package echo

import (
	"context"
	"net"
	"net/http"
)

// A source is where a request came from.
type source struct {
	socket  net.Conn
	serving context.Context // ends when the server stops
}

type sourceKey struct{}

// withSource notes it for the requests of a connection.
func withSource(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, sourceKey{}, source{c, ctx})
}

// socketBehind is the connection of a request, nil if it is not known.
func socketBehind(r *http.Request) net.Conn {
	s, _ := r.Context().Value(sourceKey{}).(source)
	return s.socket
}

// serving is the context that ends when the server of a request stops. That of
// the request itself also ends as net/http sees a FIN behind it, before the
// connection is handed over.
func serving(r *http.Request) context.Context {
	if s, ok := r.Context().Value(sourceKey{}).(source); ok {
		return s.serving
	}
	return r.Context()
}
