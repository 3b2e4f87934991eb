package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/report"
)

// runFile is where a run is kept as it goes, in the output folder.
const runFile = "run.jsonl"

// keeper keeps a run: in memory, and in run.jsonl as its results come.
type keeper struct {
	run  report.Run
	file *os.File
	out  *report.Writer

	places map[conformance.ID]int // of cases among the results
}

// keep begins run.jsonl in a folder. An old one is replaced, once its name was
// printed.
func keep(env env, dir string, run report.Run) (*keeper, error) { return keepOn(env, dir, run, false) }

// keepOn is keep, for a run that may be the old one and go on.
func keepOn(env env, dir string, run report.Run, on bool) (*keeper, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	path := filepath.Join(dir, runFile)
	if old, err := readRun(path); err == nil && !on {
		fmt.Fprintf(env.Stderr, "wsprobe: replacing %s, the run of %q of %s\n",
			path, old.Agent, old.Started.Local().Format(time.DateTime))
	}
	begin := func(w io.Writer) error {
		_, err := report.NewWriter(w, run)
		return err
	}
	if err := writeFile(path, begin); err != nil { // at once: what the old one has may be part of it
		return nil, usagef("--out: %v", fileError(err))
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	k := &keeper{run: run, file: file, out: report.Continue(file), places: map[conformance.ID]int{}}
	for i, result := range run.Results {
		k.places[result.Case.ID] = i
	}
	return k, nil
}

// add keeps a result, in the place of an earlier one of its case.
func (k *keeper) add(result conformance.Result) error {
	if err := k.out.Append(result); err != nil {
		return &exitError{exitUsage, fmt.Sprintf("%v; %d results are kept", fileError(err), len(k.run.Results))}
	}
	if i, again := k.places[result.Case.ID]; again {
		k.run.Results[i] = result
		return nil
	}
	k.places[result.Case.ID] = len(k.run.Results)
	k.run.Results = append(k.run.Results, result)
	return nil
}

func (k *keeper) close() { k.file.Close() }

// judge says how a command that has played runs ends.
func judge(runs ...report.Run) error {
	failed, stale := false, false
	for _, run := range runs {
		failed = failed || run.Outcomes()[conformance.Fails] > 0
		stale = stale || len(run.Known.Stale(run.Results)) > 0
	}
	switch {
	case failed:
		return &exitError{code: exitFailed}
	case stale:
		return &exitError{exitStale, "known verdicts are stale: the device does better, remove their lines"}
	}
	return nil
}

// readRun reads a run.jsonl.
func readRun(path string) (report.Run, error) {
	file, err := openFile(path)
	if err != nil {
		return report.Run{}, err
	}
	defer file.Close()
	return report.ReadRun(file)
}
