package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/report"
)

// journalFile is where a campaign keeps which inputs are done, and findingsDir
// where its findings come home to, in the output folder.
const (
	journalFile = "fuzz.journal"
	findingsDir = "findings"
)

// fuzzKeeper keeps a campaign as it goes: its findings in run.jsonl and as files,
// its inputs in the journal.
type fuzzKeeper struct {
	*keeper
	env     env
	dir     string
	journal *fuzzing.Journal
	failOn  conformance.Kind
}

// keep begins a campaign in the output folder, or goes on with the one there.
func (o *fuzzOptions) keep(env env, c *campaign) (*fuzzKeeper, error) {
	run := report.Run{Agent: o.agent, Tool: "wsprobe " + version, DeviceRole: c.target.Device, Profile: c.options.Profile.Name,
		Seed: c.options.Seed, Started: time.Now().UTC(), TimeScale: c.options.TimeScale}
	path := filepath.Join(o.output.dir, journalFile)
	if o.resume {
		old, err := readRun(filepath.Join(o.output.dir, runFile))
		if err != nil {
			return nil, usagef("--resume: no campaign in %s: %v", o.output.dir, fileError(err))
		}
		if o.seed != "" && old.Seed != run.Seed {
			return nil, usagef("--resume: the campaign in %s has seed %d", o.output.dir, old.Seed)
		}
		run.Seed, c.options.Seed, run.Started, run.Results = old.Seed, old.Seed, old.Started, findingsOf(old)
	}
	findings := filepath.Join(o.output.dir, findingsDir)
	if !o.resume {
		if err := setAside(env, findings); err != nil {
			return nil, usagef("--out: %v", fileError(err))
		}
	}
	if err := writable(findings); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("wsprobe fuzz, seed %d, a %v, families %v, destructive %v, profile %q",
		run.Seed, c.target.Device, c.target.Families, c.target.Destructive, c.options.Profile.Name)
	if !o.resume {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("--out: %v", fileError(err))
		}
	}
	journal, err := fuzzing.OpenJournal(path, what)
	if err != nil {
		return nil, usagef("%v; begin anew without --resume, or take another --out", err)
	}
	if o.resume {
		fmt.Fprintf(env.Stderr, "wsprobe: going on after %d inputs with %d findings\n", journal.Count(), len(run.Results))
	}
	kept, err := keepOn(env, o.output.dir, run, o.resume)
	if err != nil {
		journal.Close()
		return nil, err
	}
	return &fuzzKeeper{kept, env, o.output.dir, journal, c.failOn}, nil
}

// setAside gives the findings of an earlier campaign another name: they are not
// those of the new one, and may have cost a night.
func setAside(env env, dir string) error {
	if there, err := os.ReadDir(dir); err != nil || len(there) == 0 {
		return nil // none, or writing them will tell
	}
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%d", dir, n)
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		if err := os.Rename(dir, aside); err != nil {
			return err
		}
		fmt.Fprintf(env.Stderr, "wsprobe: the findings that were in %s are in %s now\n", dir, aside)
		return nil
	}
}

// findingsOf returns the results of a run that are findings.
func findingsOf(run report.Run) (results []conformance.Result) {
	for _, r := range run.Results {
		if r.Finding != nil {
			results = append(results, r)
		}
	}
	return results
}

// findings returns those that are kept.
func (k *fuzzKeeper) findings() (all []*conformance.Finding) {
	for _, r := range findingsOf(k.run) {
		all = append(all, r.Finding)
	}
	return all
}

func (k *fuzzKeeper) close() {
	k.keeper.close()
	k.journal.Close()
}

// play runs a campaign and keeps what comes of it. It returns why it ended, nil
// if it is through.
func (k *fuzzKeeper) play(ctx context.Context, c campaign, f *fuzzing.Campaign) error {
	if c.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.limit)
		defer cancel()
	}
	progress := newFuzzProgress(newScreen(k.env.Stderr), c.inputs)
	progress.before = k.journal.Count()
	for _, f := range k.findings() {
		progress.kinds[f.Kind]++
	}
	defer progress.end()
	for p, err := range f.Run(ctx) {
		if err != nil {
			return err
		}
		for _, finding := range p.Findings {
			if err := k.bring(finding); err != nil {
				return err
			}
		}
		if p.Played {
			if err := k.journal.Add(p.N, p.Family); err != nil { // last: a finding comes home before its input is done
				return usagef("--out: %v", fileError(err))
			}
		}
		progress.add(p)
	}
	return nil
}

// bring writes the files of a finding, and then keeps it.
func (k *fuzzKeeper) bring(f *conformance.Finding) error {
	f.Found = time.Now().UTC()
	for _, format := range report.FindingFormats() {
		path := filepath.Join(k.dir, findingsDir, f.Name()+format.Suffix)
		if err := writeFile(path, func(w io.Writer) error { return format.Render(w, *f) }); err != nil {
			return usagef("--out: %v", fileError(err))
		}
	}
	return k.add(f.Result(k.failOn))
}
