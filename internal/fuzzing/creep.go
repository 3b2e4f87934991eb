package fuzzing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
)

// creep notices that a number of a device's goes one way over a campaign. What
// goes up and down again is not creeping.
type creep struct {
	first []float64 // the first readings, to compare with
	last  []float64 // the last ones
}

// readings is how many readings are compared with as many.
const readings = 16

// add takes a reading.
func (c *creep) add(v float64) {
	if len(c.first) < readings {
		c.first = append(c.first, v)
		return
	}
	if c.last = append(c.last, v); len(c.last) > readings {
		c.last = c.last[1:]
	}
}

// grown returns the medians of the first and of the last readings, once there
// are enough of both.
func (c *creep) grown() (first, last float64, ok bool) {
	if len(c.last) < readings {
		return 0, 0, false
	}
	return median(c.first), median(c.last), true
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// What counts as creeping.
const (
	slowFactor = 3                     // times the first latency
	slowBy     = 20 * time.Millisecond // and so much more
	heapShare  = 0.05                  // of the first reading, either way
)

// slow reports whether latencies, in seconds, have crept up.
func (c *creep) slow() bool {
	first, last, ok := c.grown()
	return ok && last > slowFactor*first && last-first > slowBy.Seconds()
}

// drained reports whether readings of memory, free or used, have crept one way:
// the last all lie beyond the first, and each lot goes on.
func (c *creep) drained() bool {
	first, last, ok := c.grown()
	if !ok || first == 0 {
		return false
	}
	apart := slices.Max(c.last) < slices.Min(c.first) || slices.Min(c.last) > slices.Max(c.first)
	share := (last - first) / first
	return apart && (share > heapShare || share < -heapShare)
}

// What creeps.
const (
	ruleLatency = "the known-good exchange takes longer and longer"
	ruleHeap    = "the device's memory creeps"
)

// creeping takes the readings after an input, and returns what creeps.
func (r *run) creeping(m met) (breaches []Breach) {
	if !m.probed {
		return nil
	}
	r.latency.add(m.took)
	if heap, ok := r.Watch.Heap(); ok {
		r.heap.add(heap)
	}
	if r.latency.slow() {
		first, last, _ := r.latency.grown()
		breaches = append(breaches, Breach{conformance.KindSlow, ruleLatency,
			fmt.Sprintf("the known-good exchange took %.3f s at first, %.3f s now", first, last)})
		r.latency = creep{}
	}
	if r.heap.drained() {
		first, last, _ := r.heap.grown()
		breaches = append(breaches, Breach{conformance.KindSlow, ruleHeap,
			fmt.Sprintf("it was %.0f at first, and is %.0f now", first, last)})
		r.heap = creep{}
	}
	return breaches
}

// plays is how often a script is played to see whether it is what creeps.
const plays = 16

// creeps returns what tells whether a script alone makes the same creep: played
// some times it changes the reading, and each half of the times changes it the
// same way. What went over the wire is that of the last time.
func (r *run) creeps(b Breach) try {
	read := func(ctx context.Context, last float64) float64 {
		if b.Rule == ruleHeap {
			return r.heapAfter(ctx, last)
		}
		_, took := r.exchange(ctx, 0)
		return took
	}
	return func(ctx context.Context, before []conformance.Script, s conformance.Script) (shown, bool) {
		if len(before) > 0 || ctx.Err() != nil {
			return shown{}, false
		}
		var at [3]float64
		var e runner.Encounter
		at[0] = read(ctx, 0)
		for half := range 2 {
			for range plays / 2 {
				e = r.meetTold(ctx, s)
			}
			if at[half+1] = read(ctx, at[half]); at[half+1] == at[half] {
				return shown{}, false
			}
		}
		first, second := at[1]-at[0], at[2]-at[1]
		again := first > 0 && second > 0 && at[2]-at[0] > slowBy.Seconds()/4
		if b.Rule == ruleHeap {
			again = first*second > 0
		}
		return shown{b, encounters{e}}, again && ctx.Err() == nil
	}
}

// Readings of memory may be of a moment ago: a device tells it now and then.
const (
	heapPatience = time.Second // for one that is not the last
	heapPause    = 50 * time.Millisecond
)

// heapAfter returns the first reading that is not the last one, or that if there
// is no other in time.
func (r *run) heapAfter(ctx context.Context, last float64) float64 {
	for began := time.Now(); ; time.Sleep(heapPause) {
		heap, _ := r.Watch.Heap()
		if heap != last || ctx.Err() != nil || time.Since(began) > heapPatience {
			return heap
		}
	}
}
