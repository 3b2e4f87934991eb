package engineio

import (
	"fmt"
	"net/http"
)

// A query is what a request asks for.
type query struct {
	endpoint endpoint
	revision int     // of Engine.IO: 3 or 4
	framing  Framing // of the answers
	upgrade  bool
	sid      string
	session  *session // of that sid; nil to begin one
}

// A refusal is answered as Node's server does it. Its clients show the message.
type refusal struct {
	status  int
	code    int
	message string
}

func (r refusal) Error() string { return r.message }

func (r refusal) body() string {
	return fmt.Sprintf(`{"code":%d,"message":%s}`, r.code, quote(r.message))
}

var (
	errTransport = refusal{http.StatusBadRequest, 0, "Transport unknown"}
	errSession   = refusal{http.StatusBadRequest, 1, "Session ID unknown"}
	errMethod    = refusal{http.StatusBadRequest, 2, "Bad handshake method"}
	errRequest   = refusal{http.StatusBadRequest, 3, "Bad request"}
	errRevision  = refusal{http.StatusBadRequest, 5, "Unsupported protocol version"}
	errTooLarge  = refusal{http.StatusRequestEntityTooLarge, 3, "Body too large"}
	errFull      = refusal{http.StatusServiceUnavailable, 4, "Too many sessions"}
)

// parse reads a request's query and finds its session.
func (s *Server) parse(r *http.Request) (q query, err error) {
	values := r.URL.Query()
	q.sid = values.Get("sid")
	q.upgrade = r.Header.Get("Upgrade") != "" || r.Header.Get("Sec-WebSocket-Key") != ""
	var ok bool
	if q.endpoint, ok = endpointAt(r.URL.Path); !ok {
		return q, errRequest
	}
	switch values.Get("EIO") {
	case "3":
		q.revision, q.framing = 3, Counted
	case "4":
		q.revision, q.framing = 4, Separated
	default:
		return q, errRevision
	}
	switch transport := values.Get("transport"); {
	case transport == "" && q.sid == "" && q.revision == 3 && !q.upgrade:
		q.framing = Binary // so usocketio begins, which reads no other
	case transport != "polling" && transport != "websocket":
		return q, errTransport
	case q.upgrade != (transport == "websocket"), values.Has("j"): // JSONP
		return q, errRequest
	}
	switch {
	case q.upgrade && s.o.Upgrade == nil:
		return q, errTransport
	case r.Method != http.MethodGet && (r.Method != http.MethodPost || q.upgrade || q.sid == ""):
		return q, errMethod
	}
	return s.findSession(q)
}

// findSession finds the session of a query with a sid. A WebSocket may bring a
// sid of long ago: usocketio comes back with the one it had, without asking for
// another.
func (s *Server) findSession(q query) (query, error) {
	if q.sid == "" {
		return q, nil
	}
	q.session = s.find(q.sid)
	switch {
	case q.session == nil && q.upgrade && s.issuer.issued(q.sid):
		return q, nil
	case q.session == nil:
		return q, errSession
	case q.session.endpoint.Path != q.endpoint.Path, !q.upgrade && !q.session.polled():
		return q, errRequest
	}
	return q, nil
}

// refuse says in the answer and the log why a request is refused.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, why refusal) {
	s.o.Log.Refused(r.RemoteAddr, why)
	writeSoon(w)
	allowOrigin(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Connection", "close")
	w.WriteHeader(why.status)
	_, _ = w.Write([]byte(why.body()))
}

// allowOrigin lets pages of any host read the answer, as the WebSockets are open
// to any: the bench's pages come from files and other machines.
func allowOrigin(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}
