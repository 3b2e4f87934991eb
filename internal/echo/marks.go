package echo

import "encoding/binary"

// rsv1 marks a compressed message on its first frame: RFC 7692 §6.
const rsv1 = 0x40

// marks takes that mark off the frames that come in, for the library knows of no
// compression, and keeps which messages had it. Where RSV1 means nothing, on
// continuations and control frames, it is left for the library to refuse.
type marks struct {
	header     []byte // of a frame, as far as it has come
	skip       uint64 // octets of mask key and payload that are still to come
	compressed []bool // of the messages that have begun and that are not yet read
}

// takeOff changes octets of the stream, the next ones.
func (m *marks) takeOff(octets []byte) {
	for m != nil && len(octets) > 0 {
		if n := min(uint64(len(octets)), m.skip); n > 0 {
			m.skip -= n
			octets = octets[n:]
			continue
		}
		if len(m.header) == 0 {
			m.first(&octets[0])
		}
		m.header = append(m.header, octets[0])
		octets = octets[1:]
		m.measure()
	}
}

// first takes the first octet of a frame.
func (m *marks) first(octet *byte) {
	switch *octet & 0xf {
	case opcodeText, opcodeBinary:
		m.compressed = append(m.compressed, *octet&rsv1 != 0)
		*octet &^= rsv1
	}
}

// measure tells how long the rest of the frame is, once its length is there: RFC
// 6455 §5.2. A frame that is not masked is the last that the library reads.
func (m *marks) measure() {
	h := m.header
	if len(h) < 2 {
		return
	}
	switch n := h[1] & 0x7f; {
	case n < 126:
		m.skip = uint64(n)
	case n == 126 && len(h) == 4:
		m.skip = uint64(binary.BigEndian.Uint16(h[2:]))
	case n == 127 && len(h) == 10:
		m.skip = binary.BigEndian.Uint64(h[2:])
	default:
		return
	}
	const key = 4
	m.skip += key
	m.header = h[:0]
}

// next tells of the next message that is read whether it is compressed.
func (m *marks) next() bool {
	if m == nil || len(m.compressed) == 0 {
		return false
	}
	first := m.compressed[0]
	m.compressed = append(m.compressed[:0], m.compressed[1:]...)
	return first
}
