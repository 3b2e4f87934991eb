package runner

import (
	"bytes"
	"time"

	"wsprobe/internal/wire"
)

// minutes keep what goes over one connection, for who judges it afterwards: what
// we write, octet for octet, and of what comes so much as is bounded. The player
// writes and the reader hears; they may be read when both are done. Nil keeps
// nothing.
type minutes struct {
	session *Session
	began   time.Time // when the opening handshake was done
	writes  [][]byte
	heard   []Heard
	octets  int // of the payloads in heard
	more    int // frames that are not in heard
}

// Bounds of what minutes keep of a device.
const (
	maxHeard       = 1024    // frames
	maxHeardOctets = 4 << 20 // of payloads, those of compressed messages once more
	maxPart        = 4 << 10 // octets of the payload of a frame that did not come in full
)

// wrote keeps a write of ours.
func (m *minutes) wrote(b []byte) {
	if m != nil {
		m.writes = append(m.writes, bytes.Clone(b))
	}
}

// begin notes that the opening handshake is done.
func (m *minutes) begin() {
	if m != nil {
		m.began = time.Now()
	}
}

// frame keeps a frame of the device's. The payload must not change any more.
func (m *minutes) frame(h wire.Header, payload []byte, violations []wire.Violation) {
	if m != nil {
		m.add(Heard{Header: h, Payload: payload, Violations: violations})
	}
}

// part keeps what came of a frame that is not complete, or is too long.
func (m *minutes) part(h wire.Header, octets []byte) {
	if m != nil {
		m.add(Heard{Header: h, Payload: bytes.Clone(octets[:min(len(octets), maxPart)]), Cut: true})
	}
}

// message keeps what the last frame has completed, and what is wrong with it.
func (m *minutes) message(e event) {
	if m == nil || m.more > 0 || len(m.heard) == 0 {
		return
	}
	last := &m.heard[len(m.heard)-1]
	switch e.kind {
	case gotMessage:
		if len(e.payload) > len(last.Payload) {
			m.octets += len(e.payload) - len(last.Payload)
		}
		last.Message, last.Opcode = e.payload, e.opcode
		if last.Message == nil {
			last.Message = []byte{}
		}
	case gotUnlawful, gotTooMuch:
		last.Fault = e.detail
	}
}

func (m *minutes) add(h Heard) {
	if m.more > 0 || len(m.heard) == maxHeard || m.octets+len(h.Payload) > maxHeardOctets {
		m.more++
		return
	}
	h.At = time.Since(m.began)
	m.heard = append(m.heard, h)
	m.octets += len(h.Payload)
}
