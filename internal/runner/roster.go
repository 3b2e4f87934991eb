package runner

import (
	"slices"
	"sync"
	"time"

	"wsprobe/internal/conformance"
)

// roster knows which devices have come, and what each has played.
type roster struct {
	mu      sync.Mutex
	cases   []conformance.Case
	devices map[string]*visitor
	ended   *sync.Cond // a case has
}

// visitor is one device on the roster.
type visitor struct {
	verdicts map[conformance.ID]conformance.Verdict // of behavior, of what was played
	playing  map[conformance.ID]bool
	inTurn   bool      // a case of the one URL is being played
	queued   bool      // a connection waits for its end
	updated  bool      // it has asked for reports
	left     time.Time // when its last connection ended
	seen     time.Time // when it last opened one
	gaps     []time.Duration
	ordinary bool // its next connection is an ordinary one
}

// Bounds of what devices can make the roster hold.
const (
	maxDevices = 64
	maxGaps    = 4096
)

func newRoster(cases []conformance.Case) *roster {
	r := &roster{cases: cases, devices: map[string]*visitor{}}
	r.ended = sync.NewCond(&r.mu)
	return r
}

// visit notes a connection of a device. It reports false for one device too many.
func (r *roster) visit(agent string) (*visitor, bool) {
	v, known := r.devices[agent]
	if !known {
		if len(r.devices) >= maxDevices {
			return nil, false
		}
		v = &visitor{verdicts: map[conformance.ID]conformance.Verdict{}, playing: map[conformance.ID]bool{}}
		r.devices[agent] = v
	}
	v.seen = time.Now()
	if !v.left.IsZero() && len(v.gaps) < maxGaps {
		v.gaps = append(v.gaps, v.seen.Sub(v.left))
		v.left = time.Time{}
	}
	return v, true
}

// turn is what a connection of a device is for.
type turn uint8

const (
	turnPlay     turn = iota // a case
	turnOrdinary             // an ordinary connection between two cases
	turnOver                 // every case has been played
	turnBusy                 // another connection of the device is at it
	turnFull                 // there are too many devices
)

// next gives the connection of a device the next case that it has not played.
// Between two cases comes an ordinary connection if between is true. A device
// may be back before its last case is quite over: then its connection waits,
// one at a time.
func (r *roster) next(agent string, between bool) (conformance.Case, turn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.visit(agent)
	switch {
	case !ok:
		return conformance.Case{}, turnFull
	case v.inTurn && v.queued:
		return conformance.Case{}, turnBusy
	}
	v.queued = true
	for v.inTurn {
		r.ended.Wait()
	}
	v.queued = false
	i := slices.IndexFunc(r.cases, func(c conformance.Case) bool { return v.verdicts[c.ID] == 0 && !v.playing[c.ID] })
	switch {
	case i < 0:
		return conformance.Case{}, turnOver
	case between && v.ordinary:
		v.ordinary = false
		return conformance.Case{}, turnOrdinary
	}
	v.inTurn, v.ordinary = true, true
	v.playing[r.cases[i].ID] = true
	return r.cases[i], turnPlay
}

// begin notes that a device plays a case that it has asked for.
func (r *roster) begin(agent string, c conformance.Case) turn {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.visit(agent)
	switch {
	case !ok:
		return turnFull
	case v.playing[c.ID]:
		return turnBusy
	}
	v.playing[c.ID] = true
	return turnPlay
}

// end notes what came of a case; no verdict if it was given up.
func (r *roster) end(agent string, id conformance.ID, verdict conformance.Verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.devices[agent]
	if verdict != 0 {
		v.verdicts[id] = verdict
	}
	delete(v.playing, id)
	v.inTurn = false
	v.left = time.Now()
	r.ended.Broadcast()
}

// leave notes that a connection of a device has ended that was for no case.
func (r *roster) leave(agent string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.devices[agent].left = time.Now()
}

// asked notes that a device has asked for reports.
func (r *roster) asked(agent string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.devices[agent]; ok {
		v.updated = true
	}
}

// verdict returns what a device came to in a case; 0 if it has not played it.
func (r *roster) verdict(agent string, id conformance.ID) conformance.Verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.devices[agent]; ok {
		return v.verdicts[id]
	}
	return 0
}

// complete reports whether a device has played every case, and whether it has
// asked for reports.
func (r *roster) complete(agent string) (played, updated bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.devices[agent]
	if !ok {
		return false, false
	}
	return len(v.verdicts) == len(r.cases), v.updated
}

// agents returns the devices that have come.
func (r *roster) agents() (agents []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for agent := range r.devices {
		agents = append(agents, agent)
	}
	slices.Sort(agents)
	return agents
}

// idle returns how long a device has had no connection; 0 while it has one.
func (r *roster) idle(agent string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.devices[agent]
	if !ok || v.left.IsZero() {
		return 0
	}
	return time.Since(v.left)
}

// slowing returns how long a device took to come back at first and at last
// (medians), if that has grown to more than its double.
func (r *roster) slowing(agent string) (first, last time.Duration, grown bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.devices[agent]
	if !ok || len(v.gaps) < 30 {
		return 0, 0, false
	}
	third := len(v.gaps) / 3
	first, last = median(v.gaps[:third]), median(v.gaps[len(v.gaps)-third:])
	return first, last, last > 2*first && last-first > 100*time.Millisecond
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}
