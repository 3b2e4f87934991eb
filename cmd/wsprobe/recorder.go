package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
)

// runFile is where a run is kept as it goes, in the output folder.
const runFile = "run.jsonl"

// recorder plays a plan and keeps what comes of it.
type recorder struct {
	env  env
	plan plan
	run  report.Run
}

// newRecorder makes sure that results can be kept, before any time is spent on
// them.
func newRecorder(env env, plan plan) (*recorder, error) {
	if err := os.MkdirAll(plan.out, 0o755); err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	probe, err := os.CreateTemp(plan.out, ".wsprobe-*")
	if err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	probe.Close()
	os.Remove(probe.Name())
	return &recorder{env: env, plan: plan}, nil
}

// play plays the cases, appends each result to run.jsonl as it comes, writes
// the reports, and returns what the exit code says.
func (r *recorder) play(ctx context.Context, peer runner.Peer) error {
	played := r.record(ctx, peer)
	if played != nil && !errors.Is(played, context.Canceled) && !errors.Is(played, runner.ErrLost) {
		return played
	}
	if err := writeReports(r.plan.out, r.plan.formats, r.run); err != nil {
		return err
	}
	report.Summary(r.env.Stdout, r.run, report.TextOptions{Color: colorful(r.env.Stdout)})
	for _, f := range r.plan.formats {
		fmt.Fprintf(r.env.Stdout, "%s\n", filepath.Join(r.plan.out, f.File))
	}
	return r.exit(played)
}

// record plays the cases into run.jsonl.
func (r *recorder) record(ctx context.Context, peer runner.Peer) error {
	r.run = report.Run{
		Agent: r.plan.agent, Tool: "wsprobe " + version, DeviceRole: peer.Role().Peer(),
		Profile: r.plan.options.Profile.Name, Seed: r.plan.options.Seed, Started: time.Now().UTC(),
		TimeScale: r.plan.options.TimeScale, Strict: r.plan.rules.Strict, Known: r.plan.rules.Known,
	}
	path := filepath.Join(r.plan.out, runFile)
	if old, err := readRun(path); err == nil {
		fmt.Fprintf(r.env.Stderr, "wsprobe: replacing %s, the run of %q of %s\n",
			path, old.Agent, old.Started.Local().Format(time.DateTime))
	}
	file, err := os.Create(path)
	if err != nil {
		return usagef("--out: %v", fileError(err))
	}
	defer file.Close()
	out, err := report.NewWriter(file, r.run)
	if err != nil {
		return usagef("%v", fileError(err))
	}
	progress := newProgress(r.env.Stderr, r.plan.cases, r.plan.rules)
	defer progress.end()
	for result, err := range runner.Run(ctx, peer, r.plan.cases, r.plan.options) {
		if err != nil {
			return err
		}
		r.run.Results = append(r.run.Results, result)
		if err := out.Append(result); err != nil {
			return &exitError{exitUsage, fmt.Sprintf("%v; %d results are kept", fileError(err), len(r.run.Results)-1)}
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
	case r.run.Outcomes()[conformance.Fails] > 0:
		return &exitError{code: exitFailed}
	case len(r.run.Known.Stale(r.run.Results)) > 0:
		return &exitError{exitStale, "known verdicts are stale: the device does better, remove their lines"}
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

// readRun reads a run.jsonl.
func readRun(path string) (report.Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return report.Run{}, err
	}
	defer file.Close()
	return report.ReadRun(file)
}
