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

// Run plays the cases and yields a result as each ends, in the order of the
// cases, and then one for each requirement row that is judged in all of them. A last pair without result holds the error that ended the run early:
// the context's, or [ErrLost] after the cases that could not be played have
// been yielded as INCONCLUSIVE.
func Run(ctx context.Context, peer Peer, cases []conformance.Case, o Options) iter.Seq2[conformance.Result, error] {
	return func(yield func(conformance.Result, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		o.observations = newObservations()
		r := &run{peer: peer, cases: cases, options: o, done: make(chan played)}
		var workers sync.WaitGroup
		defer workers.Wait()
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
	done    chan played
}

// played is a result and the place of its case.
type played struct {
	i      int
	result conformance.Result
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
		if ctx.Err() != nil {
			return
		}
		result := r.play(ctx, r.cases[i])
		if ctx.Err() != nil {
			return
		}
		select {
		case r.done <- played{i, result}:
		case <-ctx.Done():
			return
		}
		if r.options.Parallel < 2 && result.Behavior != conformance.Skipped {
			pause(ctx, r.options.scaled(r.options.Profile.Settle))
		}
	}
}

// collect yields results in the order of the cases.
func (r *run) collect(ctx context.Context, yield func(conformance.Result, error) bool) {
	waiting := map[int]conformance.Result{}
	lost := ""
	for i := range r.cases {
		result, ok := waiting[i]
		for !ok && lost == "" {
			select {
			case p := <-r.done:
				waiting[p.i] = p.result
				if p.result.Health == conformance.Gone {
					lost = fmt.Sprintf("not played: the device was gone after case %s", p.result.Case.ID)
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
	if lost != "" {
		yield(conformance.Result{}, ErrLost)
	}
}

// play plays one case, and asks for the device's health where that is in doubt.
func (r *run) play(ctx context.Context, c conformance.Case) conformance.Result {
	if reason := r.beyond(c); reason != "" {
		return Skip(c, reason)
	}
	result, reached := play(ctx, r.peer, c, r.options)
	if !reached && ctx.Err() == nil { // the device is away, for reasons of an earlier case
		health := visit(ctx, r.peer, r.options)
		if health != conformance.Gone {
			result, _ = play(ctx, r.peer, c, r.options)
		} else {
			result.Behavior, result.BehaviorClose = conformance.Inconclusive, conformance.Inconclusive
		}
		result.Health = health
		return result
	}
	endures := c.Script[len(c.Script)-1].(conformance.Ending).Endures()
	if ctx.Err() == nil && (r.options.Parallel < 2 || endures || result.Worse() > conformance.NonStrict) {
		result.Health = visit(ctx, r.peer, r.options)
	}
	if endures && (result.Health == conformance.Rebooted || result.Health == conformance.Gone) {
		result.Behavior = conformance.Failed
		result.Reason = fmt.Sprintf("after the case the device was %s", result.Health)
	}
	return result
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
