package main

import (
	"fmt"
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
func keep(env env, dir string, run report.Run) (*keeper, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	path := filepath.Join(dir, runFile)
	if old, err := readRun(path); err == nil {
		fmt.Fprintf(env.Stderr, "wsprobe: replacing %s, the run of %q of %s\n",
			path, old.Agent, old.Started.Local().Format(time.DateTime))
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, usagef("--out: %v", fileError(err))
	}
	out, err := report.NewWriter(file, run)
	if err != nil {
		file.Close()
		return nil, usagef("%v", fileError(err))
	}
	return &keeper{run: run, file: file, out: out, places: map[conformance.ID]int{}}, nil
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
	file, err := os.Open(path)
	if err != nil {
		return report.Run{}, err
	}
	defer file.Close()
	return report.ReadRun(file)
}
