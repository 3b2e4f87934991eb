package witness

import (
	"time"

	"wsprobe/internal/wire"
)

// A Frame is a frame that was seen.
type Frame struct {
	Time    time.Time
	From    wire.Role   // wire.Client: the device
	Header  wire.Header // as on the wire
	Seen    uint64      // octets of payload that came; fewer than declared if the connection ended
	Payload []byte      // the first of them, unmasked: 125 in events, 64 in Device.Frames
}

// FromDevice tells what came from what went to the device.
func (f Frame) FromDevice() bool { return f.From == wire.Client }

func frameOf(now time.Time, s *stream) Frame {
	var payload [kept]byte
	return Frame{Time: now, From: s.from, Header: s.header, Seen: s.seen, Payload: clone(s.payload(payload[:]))}
}

// keptOctets is how many octets of a frame's payload are kept for its device.
const keptOctets = 64

// A keptFrame is a Frame without a slice.
type keptFrame struct {
	time    time.Time
	from    wire.Role
	header  wire.Header
	seen    uint64
	octets  [keptOctets]byte
	payload int
}

func (f *keptFrame) keep(now time.Time, s *stream) {
	f.time, f.from, f.header, f.seen = now, s.from, s.header, s.seen
	f.payload = len(s.payload(f.octets[:]))
}

func (f *keptFrame) frame() Frame {
	return Frame{Time: f.time, From: f.from, Header: f.header, Seen: f.seen, Payload: clone(f.octets[:f.payload])}
}
