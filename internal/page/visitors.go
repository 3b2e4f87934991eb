package page

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// maxVisitors is how many may follow the page at once.
const maxVisitors = 32

// visitors are those that follow the page, those that came first first.
type visitors struct {
	mu      sync.Mutex
	all     []*visitor
	dropped atomic.Uint64
}

type visitor struct {
	host string
	drop context.CancelCauseFunc
}

// errCrowded is why a visitor had to go whose place another has taken.
var errCrowded = errors.New("too many visitors")

// enter takes a visitor from a host. There is always room: for one too many,
// another has to go, the oldest of the host that has the most, so that nobody can
// shut others out. Its context ends then; a browser comes back by itself.
func (v *visitors) enter(ctx context.Context, host string) (_ context.Context, leave func()) {
	ctx, drop := context.WithCancelCause(ctx)
	entered := &visitor{host, drop}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.all) >= maxVisitors {
		i := v.crowded()
		v.all[i].drop(errCrowded)
		v.dropped.Add(1)
		v.all = slices.Delete(v.all, i, i+1)
	}
	v.all = append(v.all, entered)
	return ctx, func() { v.leave(entered) }
}

func (v *visitors) leave(left *visitor) {
	v.mu.Lock()
	defer v.mu.Unlock()
	left.drop(nil)
	v.all = slices.DeleteFunc(v.all, func(other *visitor) bool { return other == left })
}

// crowded is the place of the oldest visitor of the host that has the most.
func (v *visitors) crowded() (place int) {
	byHost := map[string]int{}
	for _, one := range v.all {
		byHost[one.host]++
	}
	for i, one := range v.all {
		if byHost[one.host] > byHost[v.all[place].host] {
			place = i
		}
	}
	return place
}

func (v *visitors) now() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.all)
}
