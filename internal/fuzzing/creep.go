package fuzzing

import (
	"slices"
	"time"
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
