package witness

import (
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

func cut(s string) string { return string([]byte(s[:min(len(s), keptText)])) }

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
	r := &record{device: Device{UserAgent: id.userAgent, Since: now}, violations: map[string]Violation{}}
	t.records[id] = r
	return r
}

// stalest is the device to forget: one without a connection, if there is any,
// and of those the one not seen for longest.
func (t *table) stalest() (stalest identity) {
	var best Device
	for id, r := range t.records {
		d := r.snapshot(false)
		if best.Since.IsZero() || (d.Open > 0) == (best.Open > 0) && d.LastSeen.Before(best.LastSeen) || d.Open == 0 && best.Open > 0 {
			stalest, best = id, d
		}
	}
	return stalest
}

func (t *table) list() []Device {
	t.mu.Lock()
	records := make([]*record, 0, len(t.records))
	for _, r := range t.records {
		records = append(records, r)
	}
	t.mu.Unlock()
	devices := make([]Device, 0, len(records))
	for _, r := range records {
		devices = append(devices, r.snapshot(true))
	}
	slices.SortFunc(devices, func(a, b Device) int { return b.LastSeen.Compare(a.LastSeen) })
	return devices
}
