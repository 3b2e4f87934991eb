package runner

import (
	"slices"
	"sync"

	"wsprobe/internal/conformance"
)

// round is one playing of a case.
type round struct {
	i      int // of the case
	before int // the case whose round began last before; -1 if there is none
	result conformance.Result
	became contact
	harm   string // what became of another connection than the case's, in words; "" for nothing
	begun  int    // on the clock of the rounds
	ended  int    // likewise; 0 while it is being played
}

// trouble reports whether the device went at the round, or was away, or lost a
// connection of another's.
func (t *round) trouble() bool {
	return t.became == unreached || t.harm != "" || t.result.Health == conformance.Rebooted || t.result.Health == conformance.Gone
}

// rounds knows which cases are played at once. A round is over when all that were
// played beside it have ended: what goes wrong may be its doing, though another
// notices.
type rounds struct {
	mu      sync.Mutex
	changed *sync.Cond
	clock   int
	last    int      // the case whose round began last; -1 at first
	held    []*round // that are not over, in the order in which they began
	trouble bool     // no more may begin
	stopped bool     // for ever
}

func newRounds() *rounds {
	t := &rounds{last: -1}
	t.changed = sync.NewCond(&t.mu)
	return t
}

// begin begins the round of a case, as soon as there is no trouble; nil if none is
// to be played any more.
func (ts *rounds) begin(i int) *round {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for ts.trouble && !ts.stopped {
		ts.changed.Wait()
	}
	if ts.stopped {
		return nil
	}
	ts.clock++
	t := &round{i: i, before: ts.last, begun: ts.clock}
	ts.last = i
	ts.held = append(ts.held, t)
	return t
}

// end ends a round and returns those that are over. If there is trouble that is
// none, until the last that is played has ended: whoever ends it gets all, is to
// see to the trouble, and then to resume.
func (ts *rounds) end(t *round) (over []*round, trouble bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.clock++
	t.ended = ts.clock
	ts.trouble = ts.trouble || t.trouble()
	oldest := ts.clock + 1 // begin of the rounds that are being played
	for _, h := range ts.held {
		if h.ended == 0 {
			oldest = min(oldest, h.begun)
		}
	}
	if ts.trouble && oldest <= ts.clock {
		return nil, false
	}
	ts.held = slices.DeleteFunc(ts.held, func(h *round) bool {
		isOver := h.ended > 0 && h.ended < oldest
		if isOver {
			over = append(over, h)
		}
		return isOver
	})
	return over, ts.trouble
}

// resume lets rounds begin again after trouble, or none any more.
func (ts *rounds) resume(lost bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.trouble, ts.stopped = false, ts.stopped || lost
	ts.changed.Broadcast()
}

// stop lets no more rounds begin.
func (ts *rounds) stop() { ts.resume(true) }
