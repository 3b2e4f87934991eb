package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net"
	"slices"
	"sync"
	"time"
)

// A table holds the records of the devices seen last.
type table struct {
	most    int
	mu      sync.Mutex
	records map[identity]*record
}

type identity struct{ host, userAgent string }

// hash is the identity in an URL, where a device's own words have no place.
func (id identity) hash() string {
	sum := sha256.Sum256([]byte(id.host + "\n" + id.userAgent)) // no host has a line end
	return hex.EncodeToString(sum[:8])
}

// meet finds the device of a connection that asks for a WebSocket.
func (w *watch) meet(userAgent, path string) {
	host, _, err := net.SplitHostPort(w.address)
	if err != nil {
		host = w.address
	}
	userAgent = cut(userAgent)
	found := w.witness.devices.find(identity{host, userAgent}, w.now)
	if found == w.device {
		return
	}
	if w.device != nil {
		w.device.leave(w)
	}
	w.device = found
	found.enter(w.address, cut(path), w.now)
}

func (t *table) find(id identity, now time.Time) *record {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.records[id]; r != nil {
		return r
	}
	if t.records == nil {
		t.records = map[identity]*record{}
	}
	if len(t.records) >= t.most {
		delete(t.records, t.stalest())
	}
	r := &record{device: Device{ID: id.hash(), UserAgent: id.userAgent, Since: now}, violations: map[string]Violation{}}
	t.records[id] = r
	return r
}

// stalest is the device to forget: one without a connection, if there is any,
// and of those the one not seen for longest.
func (t *table) stalest() (stalest identity) {
	var best Device
	for id, r := range t.records {
		d := r.snapshot()
		if best.Since.IsZero() || (d.Open > 0) == (best.Open > 0) && d.LastSeen.Before(best.LastSeen) || d.Open == 0 && best.Open > 0 {
			stalest, best = id, d
		}
	}
	return stalest
}

func (t *table) list() []Device {
	records := t.all()
	devices := make([]Device, 0, len(records))
	for _, r := range records {
		devices = append(devices, r.judged())
	}
	slices.SortFunc(devices, func(a, b Device) int { return b.LastSeen.Compare(a.LastSeen) })
	return devices
}

func (t *table) all() []*record {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Values(t.records))
}

func (t *table) one(id string) (Device, bool) {
	for _, r := range t.all() {
		if r.snapshot().ID == id {
			d := r.judged()
			d.Frames = r.latest()
			return d, true
		}
	}
	return Device{}, false
}
