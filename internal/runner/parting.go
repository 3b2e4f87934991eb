package runner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"wsprobe/internal/conformance"
)

// Parting is what becomes of an opening handshake of which our half does not go
// out in full. It opens no connection, whatever the device does.
type Parting uint8

// The ways to part.
const (
	PartNever     Parting = iota // we wait for what the device does
	PartHalfClose                // our direction of TCP ends, and we wait
	PartDrop                     // we leave at once
	PartReset                    // likewise, with a reset
)

// weLeft says that we have left. Each is its own: who opens may have more to say.
func weLeft() *OpenError {
	return &OpenError{Parted: true, Reason: "we left within the opening handshake"}
}

// partingOf returns how a script parts whose opening steps are over.
func partingOf(rest conformance.Script, ending conformance.Ending) Parting {
	for _, step := range rest {
		if _, ok := step.(conformance.HalfCloseStep); ok {
			return PartHalfClose
		}
	}
	switch ending.Kind {
	case conformance.EndDrop:
		return PartDrop
	case conformance.EndReset:
		return PartReset
	}
	return PartNever
}

// opening writes our half of the handshake, and frames in the same write.
func (w *sender) opening(octets []byte, together []conformance.Frame) {
	w.s.out = append(w.s.out, octets...)
	for _, f := range together {
		w.frame(f)
	}
	w.finish()
}

// departs ends what is ours to end, and reports whether we have left.
func (s *Session) departs(how Parting) bool {
	switch how {
	case PartHalfClose:
		s.halfClose()
		return false
	case PartDrop:
		s.close()
		return true
	case PartReset:
		s.reset()
		return true
	}
	return false
}

// unopened sees a connection to its end whose response does not go out in full.
func (s *Session) unopened(o Opening) *OpenError {
	defer s.close()
	if s.departs(o.Parting) {
		return weLeft()
	}
	s.conn.SetReadDeadline(time.Now().Add(o.Within))
	said, err := io.ReadAll(io.LimitReader(s.r, conformance.MaxEntryOctets))
	if len(said) > 0 {
		s.tape.note(conformance.Received, said, "octets after part of our response")
		return &OpenError{Parted: true, Reason: fmt.Sprintf("octets after part of our response: %.40q", said)}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &OpenError{Parted: true, Silent: true, Reason: fmt.Sprintf("neither the end nor anything else within %v of part of our response", o.Within)}
	}
	return &OpenError{Parted: true, Reason: "the end of TCP after part of our response"}
}
