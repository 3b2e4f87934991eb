package witness

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"wsprobe/internal/wire"
)

const (
	keptFrames = 32 // of a device
	keptKeys   = 16 // handshake keys of a device
)

// A record is what is kept of a device.
type record struct {
	mu         sync.Mutex
	device     Device // without Violations and Frames
	violations map[string]Violation
	frames     []keptFrame // a ring: next is the oldest once it is full
	next       int
	keys       [][16]byte // the latest
	first      []uint32   // mask keys at the beginning of the last connection
	only       run        // of mask keys, over the last connections
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
	r.only = r.only.after(&w.masks)
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

// again says what the connections before tell of a key; see run.
func (r *record) again(m *masks) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.only.again(m)
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
	r.frames[r.next].keep(now, s)
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
		f := &r.frames[i]
		if len(r.frames) == keptFrames {
			f = &r.frames[(r.next+i)%keptFrames]
		}
		frames = append(frames, f.frame())
	}
	return frames
}
