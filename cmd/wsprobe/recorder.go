package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wsprobe/internal/report"
	"wsprobe/internal/runner"
)

// recorder plays a plan and keeps what comes of it.
type recorder struct {
	env  env
	plan plan
	run  report.Run
}

// newRecorder makes sure that results can be kept, before any time is spent on
// them.
func newRecorder(env env, plan plan) (*recorder, error) {
	return &recorder{env: env, plan: plan}, writable(plan.out)
}

// writable makes a folder, and makes sure that files can be made in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return usagef("--out: %v", fileError(err))
	}
	probe, err := os.CreateTemp(dir, ".wsprobe-*")
	if err != nil {
		return usagef("--out: %v", fileError(err))
	}
	probe.Close()
	os.Remove(probe.Name())
	return nil
}

// play plays the cases, appends each result to run.jsonl as it comes, writes
// the reports, and returns what the exit code says.
func (r *recorder) play(ctx context.Context, peer runner.Peer) error {
	played := r.record(ctx, peer)
	if played != nil && !errors.Is(played, context.Canceled) && !errors.Is(played, runner.ErrLost) {
		return played
	}
	if err := r.plan.tell(r.env, r.run); err != nil {
		return err
	}
	return r.exit(played)
}

// record plays the cases into run.jsonl.
func (r *recorder) record(ctx context.Context, peer runner.Peer) error {
	k, err := keep(r.env, r.plan.out, r.plan.newRun(r.plan.agent, peer.Role().Peer()))
	if err != nil {
		return err
	}
	defer k.close()
	defer func() { r.run = k.run }()
	screen := newScreen(r.env.Stderr)
	progress := newProgress(screen, "", r.plan.cases)
	defer screen.show("")
	for result, err := range runner.Run(ctx, peer, r.plan.cases, r.plan.options) {
		if err != nil {
			return err
		}
		if err := k.add(result); err != nil {
			return err
		}
		progress.add(result)
	}
	return nil
}

// exit says how the command ends.
func (r *recorder) exit(played error) error {
	switch {
	case errors.Is(played, context.Canceled):
		return &exitError{exitInterrupted, fmt.Sprintf("interrupted after %d of %d cases", len(r.run.Results), len(r.plan.cases))}
	case errors.Is(played, runner.ErrLost):
		return &exitError{exitLost, fmt.Sprintf("%s is gone and did not come back; the cases after it are INCONCLUSIVE", r.plan.agent)}
	}
	return judge(r.run)
}

// tell writes the reports of runs, sums each run up and says where they are.
func (p plan) tell(env env, runs ...report.Run) error {
	if err := writeReports(p.out, p.formats, runs...); err != nil {
		return err
	}
	for _, run := range runs {
		report.Summary(env.Stdout, run, report.TextOptions{Color: colorful(env.Stdout)})
	}
	for _, f := range p.formats {
		fmt.Fprintln(env.Stdout, filepath.Join(p.out, f.File))
	}
	return nil
}

// writeReports renders runs into a folder. A file is there whole or not at all.
func writeReports(dir string, formats []report.Format, runs ...report.Run) error {
	for _, f := range formats {
		if err := writeFile(filepath.Join(dir, f.File), func(w io.Writer) error { return f.Render(w, runs...) }); err != nil {
			return usagef("--out: %v", fileError(err))
		}
	}
	return nil
}

// writeFile writes a file beside its place and then moves it there.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".wsprobe-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // without effect once it is moved
	if err := errors.Join(write(file), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
