package witness

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"wsprobe/internal/wire"
)

const (
	keptFrames = 32  // of a device
	keptOctets = 64  // of a frame's payload
	keptKeys   = 16  // handshake keys of a device
	keptText   = 128 // octets of what a device says of itself
)

// A Device is what was seen of one device: all connections from one address
// with one User-Agent. What the device sent, its User-Agent and path, is as it
// came, cut at 128 octets: escape it where it is shown.
type Device struct {
	ID          string    `json:"id"`      // 16 hexadecimal digits, made from address and User-Agent: the same whenever it comes back
	Changes     uint64    `json:"changes"` // grows whenever anything else of it changes
	Address     string    `json:"address"` // of its latest connection, with port
	UserAgent   string    `json:"userAgent"`
	Path        string    `json:"path"` // of its latest WebSocket, with the query
	Subprotocol string    `json:"subprotocol"`
	Since       time.Time `json:"since"` // when it was first seen
	Came        time.Time `json:"came"`  // when it connected, with no connection open before
	LastSeen    time.Time `json:"lastSeen"`
	Left        time.Time `json:"left"` // when its last connection ended; zero while one is open

	Open        int    `json:"open"`        // connections now
	Connections int    `json:"connections"` // and ever
	Received    uint64 `json:"received"`    // messages that it sent
	Sent        uint64 `json:"sent"`        // messages sent to it
	OctetsIn    uint64 `json:"octetsIn"`    // of payload
	OctetsOut   uint64 `json:"octetsOut"`

	Violations []Violation `json:"violations"` // the latest of each row, with Count over all connections; in the order of the rows
	Frames     []Frame     `json:"frames"`     // the latest, the oldest first
}

// A Frame is a frame that was seen.
type Frame struct {
	Time    time.Time
	From    wire.Role   // wire.Client: the device
	Header  wire.Header // as on the wire
	Seen    uint64      // octets of payload that came; fewer than declared if the connection ended
	Payload []byte      // the first of them, unmasked
}

// FromDevice tells what came from what went to the device.
func (f Frame) FromDevice() bool { return f.From == wire.Client }

func frameOf(now time.Time, s *stream) Frame {
	var payload [kept]byte
	return Frame{Time: now, From: s.from, Header: s.header, Seen: s.seen, Payload: clone(s.payload(payload[:]))}
}

// A record is what is kept of a device.
type record struct {
	mu         sync.Mutex
	device     Device // without Violations and Frames
	violations map[string]Violation
	frames     []keptFrame // a ring: next is the oldest once it is full
	next       int
	keys       [][16]byte // the latest
	first      []uint32   // mask keys at the beginning of the last connection
}

// keptFrame is a Frame without a slice.
type keptFrame struct {
	time    time.Time
	from    wire.Role
	header  wire.Header
	seen    uint64
	octets  [keptOctets]byte
	payload int
}

func (r *record) enter(address, path string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.device.Address, r.device.Path, r.device.LastSeen = address, path, now
	r.device.Left = time.Time{}
	if r.device.Open == 0 {
		r.device.Came = now
	}
	r.device.Open++
	r.device.Connections++
	r.device.Changes++
}

func (r *record) leave(w *watch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.device.Open--
	r.device.Changes++
	if r.device.Open == 0 {
		r.device.Left = w.now
	}
	if n := min(w.masks.n, firstMasks); n > 0 {
		r.first = append(r.first[:0], w.masks.first[:n]...)
	}
}

func (r *record) opened(path, subprotocol string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.device.Path, r.device.Subprotocol = cut(path), cut(subprotocol)
	r.device.Changes++
}

func (r *record) masks() []uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.first)
}

func (r *record) broke(v Violation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v.Count = r.violations[v.Row].Count + 1
	r.violations[v.Row] = v
	r.device.Changes++
}

// frame takes a frame, which may end a message.
func (r *record) frame(now time.Time, s *stream, ends bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := &r.device
	d.LastSeen = now
	d.Changes++
	octets, messages := &d.OctetsIn, &d.Received
	if s.from == wire.Server {
		octets, messages = &d.OctetsOut, &d.Sent
	}
	*octets += s.seen
	if ends {
		*messages++
	}
	if len(r.frames) < keptFrames {
		r.frames = append(r.frames, keptFrame{})
		r.next = len(r.frames) - 1
	}
	f := &r.frames[r.next]
	f.time, f.from, f.header, f.seen = now, s.from, s.header, s.seen
	f.payload = len(s.payload(f.octets[:]))
	r.next = (r.next + 1) % keptFrames
}

// snapshot is what is known, without Violations and Frames.
func (r *record) snapshot() Device {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.device
}

// judged is snapshot with Violations.
func (r *record) judged() Device {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.device
	for _, v := range r.violations {
		d.Violations = append(d.Violations, v)
	}
	slices.SortFunc(d.Violations, func(a, b Violation) int { return cmp.Compare(a.Row, b.Row) })
	return d
}

// latest are the frames that are kept, the oldest first.
func (r *record) latest() (frames []Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.frames {
		f := r.frames[i]
		if len(r.frames) == keptFrames {
			f = r.frames[(r.next+i)%keptFrames]
		}
		frames = append(frames, Frame{Time: f.time, From: f.from, Header: f.header, Seen: f.seen, Payload: clone(f.octets[:f.payload])})
	}
	return frames
}
