package engineio

// begin starts a session, under a new sid if the query has none, carried by a
// WebSocket or, without one, by polling. It is nil if there are too many.
func (s *Server) begin(q query, conn Conn) *session {
	sid := q.sid
	if sid == "" {
		sid = s.issuer.issue()
	}
	var begun *session
	begun = newSession(q, sid, s.o.MaxPayload, conn, func() { s.forget(begun) })
	old, ok := s.keep(begun)
	if old != nil {
		old.end()
	}
	if !ok {
		begun.end()
		return nil
	}
	return begun
}

// keep holds a session, if there is room, and returns the one that it replaces:
// the one of the same name, or one that was opened and never used, for opening
// is all that many a bad client does.
func (s *Server) keep(begun *session) (old *session, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old = s.sessions[begun.sid]
	if old == nil && len(s.sessions) >= s.o.MaxSessions {
		if old = s.unused(); old == nil {
			return nil, false
		}
		delete(s.sessions, old.sid)
	}
	s.sessions[begun.sid] = begun
	return old, true
}

// unused is the oldest session that nobody came back to. It wants s locked.
func (s *Server) unused() (oldest *session) {
	for _, other := range s.sessions {
		if other.neverUsed() && (oldest == nil || other.opened.Before(oldest.opened)) {
			oldest = other
		}
	}
	return oldest
}

func (s *Server) find(sid string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[sid]
}

// forget lets go of a session that is over.
func (s *Server) forget(over *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[over.sid] == over {
		delete(s.sessions, over.sid)
	}
}
