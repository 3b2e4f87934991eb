package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
)

// finish writes the reports, leaves the device well if it can, and says how the
// command ends.
func (k *fuzzKeeper) finish(ctx context.Context, watch *runner.Watch, formats []report.Format, ended error) error {
	interrupted, lost := errors.Is(ended, context.Canceled), errors.Is(ended, runner.ErrLost)
	if ended != nil && !interrupted && !lost && !errors.Is(ended, context.DeadlineExceeded) {
		return ended
	}
	if err := k.tell(formats); err != nil {
		return err
	}
	if interrupted {
		ctx = context.WithoutCancel(ctx) // a second interrupt ends the process
	}
	lost = lost || k.leave(ctx, watch) == conformance.Gone
	away := fmt.Sprintf("%s is gone and did not come back", k.run.Agent)
	if interrupted = interrupted || ctx.Err() != nil; interrupted && lost {
		fmt.Fprintf(k.env.Stderr, "wsprobe: %s\n", away)
	}
	switch {
	case interrupted:
		return &exitError{exitInterrupted, fmt.Sprintf("interrupted after %d inputs; go on with --resume", k.journal.Count())}
	case lost:
		return &exitError{exitLost, away}
	}
	return judge(k.run)
}

// patienceAtEnd is how long a device may take to be well before it is said that
// it is waited for.
const patienceAtEnd = time.Second

// leave looks after the device once more: a campaign may end while it is down, and
// who comes next is to find it well.
func (k *fuzzKeeper) leave(ctx context.Context, watch *runner.Watch) conformance.Health {
	waits := time.AfterFunc(patienceAtEnd, func() {
		fmt.Fprintln(k.env.Stderr, "wsprobe: waiting for the device to be well; an interrupt ends that")
	})
	defer waits.Stop()
	health := watch.Health(ctx)
	if health == conformance.Rebooted {
		fmt.Fprintln(k.env.Stderr, "wsprobe: the device was down at the end, and is well again")
	}
	return health
}

// tell keeps what the campaign comes to, and writes the reports.
func (k *fuzzKeeper) tell(formats []report.Format) error {
	for _, r := range findingsOf(k.run) { // once more, for they count their inputs
		if err := k.add(r.Finding.Result(k.failOn)); err != nil {
			return err
		}
	}
	if err := k.families(); err != nil {
		return err
	}
	if err := (plan{out: k.dir, formats: formats}).tell(k.env, k.run); err != nil {
		return err
	}
	fmt.Fprintf(k.env.Stderr, "wsprobe: seed %d, %d inputs\n", k.run.Seed, k.journal.Count())
	return nil
}

// families keeps, for each family that was played and found nothing, that it did.
func (k *fuzzKeeper) families() error {
	found := map[conformance.Family]bool{}
	for _, r := range findingsOf(k.run) {
		found[r.Finding.Family] = true
	}
	for _, f := range conformance.Families() {
		if n := k.journal.Inputs(f); n > 0 && !found[f] {
			if err := k.add(conformance.FamilyResult(f, n)); err != nil {
				return err
			}
		}
	}
	return nil
}
