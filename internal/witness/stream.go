package witness

import "wsprobe/internal/wire"

// kept is how many octets of a payload are kept while the frame lasts: all of a
// control frame's.
const kept = wire.MaxControl

// A stream decodes the frames of one direction as they come.
type stream struct {
	from  wire.Role
	state wire.State

	raw    [wire.MaxHeader + kept]byte // the frame as on the wire, its beginning
	have   int                         // octets of raw
	size   int                         // octets of the header, once the first two are there
	begun  bool                        // the header is complete
	header wire.Header
	seen   uint64 // octets of payload that came

	message message
}

// A message is what is known of the data message that is under way.
type message struct {
	opcode     wire.Opcode // of its first frame
	compressed bool
	octets     uint64    // of its frames so far
	text       wire.UTF8 // what was checked of it
	bad        bool      // it is not UTF-8, and that was said; or reserved bits make it something else
}

// gather takes octets of the header and returns how many; with the last one the
// header is there and begun is set.
func (s *stream) gather(b []byte) (n int) {
	if s.have == 0 && len(b) >= 2 && len(b) >= wire.HeaderSize(b[1]) {
		// Mostly all of it is there, and read quicker from where it is.
		s.size = wire.HeaderSize(b[1])
		s.have = copy(s.raw[:], b[:s.size])
		s.header = wire.DecodeHeader(b)
		s.begun, s.seen = true, 0
		return s.size
	}
	for s.have < 2 || s.have < s.size {
		if n == len(b) {
			return n
		}
		n += s.gatherSome(b[n:])
		if s.have == 2 {
			s.size = wire.HeaderSize(s.raw[1])
		}
	}
	s.header = wire.DecodeHeader(s.raw[:s.have])
	s.begun, s.seen = true, 0
	return n
}

// gatherSome takes octets up to the second, or the last.
func (s *stream) gatherSome(b []byte) int {
	n := copy(s.raw[s.have:max(2, s.size)], b)
	s.have += n
	return n
}

// take takes octets of the payload and returns them.
func (s *stream) take(b []byte) []byte {
	b = b[:min(uint64(len(b)), s.header.Length-s.seen)]
	s.have += copy(s.raw[s.have:s.size+kept], b)
	s.seen += uint64(len(b))
	return b
}

func (s *stream) complete() bool { return s.begun && s.seen == s.header.Length }

// reset makes ready for the next frame.
func (s *stream) reset() {
	s.state = s.state.Next(s.header)
	s.have, s.size, s.begun, s.seen = 0, 0, false, 0
}

// octets returns the frame as on the wire, as much as is kept, its payload cut
// at most octets.
func (s *stream) octets(most int) []byte { return s.raw[:min(s.have, s.size+most)] }

// payload writes the beginning of the payload, unmasked, to b, and returns it.
func (s *stream) payload(b []byte) []byte {
	b = b[:copy(b, s.raw[s.size:max(s.have, s.size)])]
	if s.header.Masked {
		wire.Mask(b, s.header.Key, 0)
	}
	return b
}
