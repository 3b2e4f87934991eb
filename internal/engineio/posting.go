package engineio

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// post takes the packets that a client sends in a body.
func (s *Server) post(w http.ResponseWriter, r *http.Request, session *session) {
	err := errors.New("two posts at once")
	if session.beginPost() { // one at a time, which bounds what they hold
		err = s.takePosted(w, r, session)
		session.endPost()
	}
	if err != nil {
		session.end()
	}
	if err != nil && !errors.Is(err, errOver) {
		s.refuse(w, r, asRefusal(err))
		return
	}
	writeSoon(w)
	allowOrigin(w, r)
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	_, _ = io.WriteString(w, "ok")
}

func (s *Server) takePosted(w http.ResponseWriter, r *http.Request, session *session) error {
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	packets, err := postedFraming(r, session).Decode(body)
	if err != nil {
		return err
	}
	for _, p := range packets {
		s.o.Log.Packet('<', p)
		if err := session.receive(r.Context(), p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	most := int64(s.o.MaxPayload)
	if r.ContentLength > most {
		return "", errTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	switch tooLarge := new(http.MaxBytesError); {
	case errors.As(err, &tooLarge):
		return "", errTooLarge
	case err != nil:
		return "", errRequest
	}
	return string(body), nil
}

// postedFraming is that of a body: in revision 3 a client chooses.
func postedFraming(r *http.Request, session *session) Framing {
	switch {
	case session.revision == 4:
		return Separated
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream"):
		return Binary
	default:
		return Counted
	}
}

func asRefusal(err error) refusal {
	if why, ok := err.(refusal); ok {
		return why
	}
	return refusal{http.StatusBadRequest, errRequest.code, err.Error()}
}

func (s *session) beginPost() (begun bool) {
	s.change(func() {
		begun = !s.posting
		s.posting = true
	})
	return begun
}

func (s *session) endPost() { s.change(func() { s.posting = false }) }
