package runner

import "wsprobe/internal/wire"

// begun is a frame whose header has come, and not all of the payload. A device that
// counts a length wrongly sends nothing else.
type begun struct {
	header     wire.Header
	violations []wire.Violation // of the header
}

// begin notes that a frame has begun, if it may take time to end.
func (s *Session) begin(h wire.Header, violations []wire.Violation) {
	if uint64(s.r.Buffered()) < h.Length {
		s.begun.Store(&begun{h, violations})
	}
}

// unfinished tells of the frame that the device has begun, "" for none.
func (s *Session) unfinished() string {
	b := s.begun.Load()
	switch {
	case b == nil:
		return ""
	case len(b.violations) > 0:
		return "part of a frame: " + b.violations[0].Detail
	}
	return "part of a frame: " + b.header.String()
}
