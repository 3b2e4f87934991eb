package runner

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"wsprobe/internal/conformance"
)

// ErrLost means that the device went and did not come back.
var ErrLost = errors.New("the device is gone")

// Run plays the cases and yields a result as each ends, in the order of the cases,
// and then one for each requirement row that is judged in all of them. A last pair
// without result holds the error that ended the run early: the context's, or
// [ErrLost] after the cases that could not be played have been yielded as
// INCONCLUSIVE.
func Run(ctx context.Context, peer Peer, cases []conformance.Case, o Options) iter.Seq2[conformance.Result, error] {
	return func(yield func(conformance.Result, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		o.observations = newObservations()
		r := &run{peer: peer, cases: cases, options: o, watch: NewWatch(peer, o), rounds: newRounds(), done: make(chan played)}
		var workers sync.WaitGroup
		defer workers.Wait()
		defer r.watch.Close()
		defer r.rounds.stop()
		defer cancel()
		pausing, rest := r.schedule()
		for n := range max(o.Parallel, 1) {
			queues := []<-chan int{pausing, rest}
			if n%2 == 1 {
				slices.Reverse(queues)
			}
			workers.Go(func() {
				for _, queue := range queues {
					r.work(ctx, queue)
				}
			})
		}
		r.collect(ctx, yield)
	}
}

// run is one call of Run.
type run struct {
	peer    Peer
	cases   []conformance.Case
	options Options
	watch   *Watch
	rounds  *rounds
	done    chan played
}

// played is a result and the place of its case; without a result it says why the
// cases that have none cannot be played.
type played struct {
	i      int
	result conformance.Result
	lost   string
}

// schedule queues the places of the cases. With several at once those that pause
// longest come first, in a queue of their own: half of the workers begin with it,
// so that its pauses are filled with work from the other one.
func (r *run) schedule() (pausing, rest <-chan int) {
	pause := func(i int) int { return int(r.cases[i].Needs().Pause) }
	first, then := make([]int, 0, len(r.cases)), make([]int, 0, len(r.cases))
	for i := range r.cases {
		if r.options.Parallel > 1 && pause(i) > 0 {
			first = append(first, i)
		} else {
			then = append(then, i)
		}
	}
	slices.SortStableFunc(first, func(a, b int) int { return pause(b) - pause(a) })
	return queue(first), queue(then)
}

// queue returns a channel that holds all places.
func queue(places []int) <-chan int {
	q := make(chan int, len(places))
	for _, i := range places {
		q <- i
	}
	close(q)
	return q
}

// work plays cases until there are no more in the queue.
func (r *run) work(ctx context.Context, queue <-chan int) {
	for i := range queue {
		if reason := r.beyond(r.cases[i]); reason != "" {
			r.tell(ctx, played{i: i, result: Skip(r.cases[i], reason)})
			continue
		}
		t := r.rounds.begin(i)
		if t == nil || ctx.Err() != nil {
			return
		}
		r.play(ctx, t, r.options.Parallel < 2)
		over, trouble := r.rounds.end(t)
		if trouble {
			over = r.suspect(ctx, over)
		}
		for _, t := range over {
			r.tell(ctx, played{i: t.i, result: t.result})
		}
		if trouble {
			r.rounds.resume(r.lost(ctx, over))
		}
		if r.options.Parallel < 2 {
			pause(ctx, r.options.scaled(r.options.Profile.Settle))
		}
	}
}

// tell hands on what was played, unless the run is at its end.
func (r *run) tell(ctx context.Context, p played) {
	if ctx.Err() != nil {
		return
	}
	select {
	case r.done <- p:
	case <-ctx.Done():
	}
}

// collect yields results in the order of the cases.
func (r *run) collect(ctx context.Context, yield func(conformance.Result, error) bool) {
	waiting := map[int]conformance.Result{}
	lost, gone := "", false // the device is gone, and may not have been needed any more
	for i := range r.cases {
		result, ok := waiting[i]
		for !ok && lost == "" {
			select {
			case p := <-r.done:
				if lost = p.lost; lost == "" {
					waiting[p.i] = p.result
					gone = gone || p.result.Health == conformance.Gone
				}
			case <-ctx.Done():
				yield(conformance.Result{}, ctx.Err())
				return
			}
			result, ok = waiting[i]
		}
		if !ok {
			result = conformance.Result{Case: r.cases[i], Health: conformance.Gone, Reason: lost,
				Behavior: conformance.Inconclusive, BehaviorClose: conformance.Inconclusive}
		}
		delete(waiting, i)
		if !yield(result, nil) {
			return
		}
	}
	for _, result := range r.options.observations.results(r.peer.Role().Peer()) {
		if !yield(result, nil) {
			return
		}
	}
	if lost != "" || gone {
		yield(conformance.Result{}, ErrLost)
	}
}

// play plays a case, and asks for the device's health: always of one played
// alone, else where it is in doubt. Many cases are passed by ending the
// connection, which is what a device that goes does too.
func (r *run) play(ctx context.Context, t *round, alone bool) {
	c := r.cases[t.i]
	if most := r.options.Profile.Connections; most > 0 && c.Needs().Connections >= most {
		r.watch.release() // it takes the place of one that the case asks for
	}
	t.result, t.became = play(ctx, r.peer, c, r.options)
	endures := c.Script.Ending().Endures()
	if ctx.Err() == nil && (alone || t.became != parted || endures || t.result.Worse() > conformance.NonStrict) {
		found := r.watch.after(ctx, "case "+string(c.ID))
		t.result.Health, t.harm = found.health, found.mixed
		if t.harm != "" {
			t.harm = "on a connection of its own afterwards: " + t.harm
		} else if how := r.beside(ctx); how != "" {
			t.harm = "a connection that was held open beside " + how
		}
	}
}

// beside says how the connection that is held open beside was lost, "" if it was
// not. Of a device without a profile one connection may be all that it has.
func (r *run) beside(ctx context.Context) string {
	if r.options.Profile.Name == "" {
		return ""
	}
	return r.watch.besideLost(ctx)
}

// Skip returns the result of a case that is not played, for a reason.
func Skip(c conformance.Case, reason string) conformance.Result {
	return conformance.Result{Case: c, Behavior: conformance.Skipped, BehaviorClose: conformance.Skipped,
		Reason: reason, Health: conformance.Alive}
}

// beyond says why a case is not one for this device, "" if it is.
func (r *run) beyond(c conformance.Case) string {
	if device := r.peer.Role().Peer(); !c.Fits(device) {
		return fmt.Sprintf("not a case for a %v", device)
	}
	return r.options.Profile.Beyond(c)
}
