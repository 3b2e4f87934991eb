package runner

import (
	"slices"
	"sync"
	"time"

	"wsprobe/internal/conformance"
)

// roster knows which devices have come, and what each has played.
type roster struct {
	mu       sync.Mutex
	cases    []conformance.Case
	expected []string
	devices  map[string]*visitor
	hosts    map[string]int // how many that are not expected have come from an address
	ended    *sync.Cond     // a case has
}

// visitor is one device on the roster.
type visitor struct {
	verdicts map[conformance.ID]conformance.Verdict // of behavior, of what was played
	playing  map[conformance.ID]bool
	again    map[conformance.ID]int // how often a case was asked for that had been played
	inTurn   conformance.ID         // the case of the one URL that is being played; "" for none
	queued   bool                   // a connection waits for its end
	updated  bool                   // it has asked for reports
	left     time.Time              // when its last connection ended
	seen     time.Time              // when it last opened one
	gaps     []time.Duration
	ordinary bool // its next connection is an ordinary one
}

// Bounds of what devices can make the roster, and a report, hold.
const (
	maxDevices = 64 // that are not expected
	maxOfHost  = 16 // of those, from one address
	maxAgain   = 20 // times that a case is played again: a client may follow a redirect without end
	maxGaps    = 4096
)

func newRoster(cases []conformance.Case, expected []string) *roster {
	r := &roster{cases: cases, expected: expected, devices: map[string]*visitor{}, hosts: map[string]int{}}
	r.ended = sync.NewCond(&r.mu)
	return r
}

// visit notes a connection of a device. It reports false for one device too many:
// names that one address makes up keep nobody out.
func (r *roster) visit(agent, host string) (*visitor, bool) {
	v, known := r.devices[agent]
	if !known {
		if !slices.Contains(r.expected, agent) {
			if len(r.devices) >= maxDevices+len(r.expected) || r.hosts[host] >= maxOfHost {
				return nil, false
			}
			r.hosts[host]++
		}
		v = &visitor{verdicts: map[conformance.ID]conformance.Verdict{}, playing: map[conformance.ID]bool{}, again: map[conformance.ID]int{}}
		r.devices[agent] = v
	}
	v.seen = time.Now()
	if !v.left.IsZero() && len(v.gaps) < maxGaps {
		v.gaps = append(v.gaps, v.seen.Sub(v.left))
	}
	v.left = time.Time{}
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
	turnAgain                // the case has been played too often
	turnLeft                 // the device has not waited for its turn
)

// next gives the connection of a device the next case that it has not played.
// Between two cases comes an ordinary connection if between is true. A device
// may be back before its last case is quite over: then its connection waits,
// one at a time, and no longer than the device does, for gone tells when it has
// left.
func (r *roster) next(agent, host string, between bool, gone func() bool) (conformance.Case, turn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.visit(agent, host)
	switch {
	case !ok:
		return conformance.Case{}, turnFull
	case v.inTurn != "" && v.queued:
		return conformance.Case{}, turnBusy
	}
	waits := v.inTurn != ""
	v.queued = waits
	for v.inTurn != "" && !gone() {
		r.ended.Wait()
	}
	v.queued = false
	if waits && gone() {
		return conformance.Case{}, turnLeft
	}
	i := slices.IndexFunc(r.cases, func(c conformance.Case) bool { return v.verdicts[c.ID] == 0 && !v.playing[c.ID] })
	switch {
	case i < 0:
		return conformance.Case{}, turnOver
	case between && v.ordinary:
		v.ordinary = false
		return conformance.Case{}, turnOrdinary
	}
	v.inTurn, v.ordinary = r.cases[i].ID, true
	v.playing[v.inTurn] = true
	return r.cases[i], turnPlay
}

// look lets those who wait for their turn see whether they still do.
func (r *roster) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended.Broadcast()
}

// begin notes that a device plays a case that it has asked for.
func (r *roster) begin(agent, host string, c conformance.Case) turn {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.visit(agent, host)
	switch {
	case !ok:
		return turnFull
	case v.playing[c.ID]:
		return turnBusy
	case v.again[c.ID] >= maxAgain:
		return turnAgain
	case v.verdicts[c.ID] != 0:
		v.again[c.ID]++
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
	if v.inTurn == id {
		v.inTurn = ""
	}
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

// played returns how many cases a device has played.
func (r *roster) played(agent string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.devices[agent]; ok {
		return len(v.verdicts)
	}
	return 0
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
