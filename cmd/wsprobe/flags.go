package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"wsprobe/internal/conformance"
	"wsprobe/internal/profile"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// deviceFlags are the flags of every command that has to do with a device.
type deviceFlags struct {
	profile   string
	parallel  int
	seed      string
	timeScale float64
	output    outputFlags
}

func (f *deviceFlags) bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "what the device has and how it replies: a `name` ("+strings.Join(profile.Names(), ", ")+") or a YAML file")
	flags.StringVar(&f.seed, "seed", "", "`number` that keys are drawn from (default drawn and printed)")
	flags.Float64Var(&f.timeScale, "time-scale", 1, "`factor` for every wait: 3 for a slow device")
	f.output.bind(flags)
}

// playFlags are the flags of every command that plays cases.
type playFlags struct {
	deviceFlags
	cases, exclude []string
	strict         bool
	known          string
	messages       int
}

func (f *playFlags) bind(flags *pflag.FlagSet) {
	f.deviceFlags.bind(flags)
	flags.StringSliceVar(&f.cases, "cases", nil, "play these only: `patterns` such as 7.1.*,5.4,SRQ.*, or autobahn")
	flags.StringSliceVar(&f.exclude, "exclude", nil, "leave these out: `patterns` such as 9.*")
	flags.BoolVar(&f.strict, "strict", false, "NON-STRICT fails the run too")
	flags.StringVar(&f.known, "known", "", "`file` of known verdicts, a line each: 6.4.* NON-STRICT  # why")
	flags.IntVar(&f.messages, "messages", 0, "of the 1000 messages that some cases have play `n`; quick, and reports say so (default all)")
}

// outputFlags are the flags of every command that writes reports.
type outputFlags struct {
	dir     string
	formats []string
}

func (f *outputFlags) bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.dir, "out", "report/", "`folder` for reports")
	flags.StringSliceVar(&f.formats, "format", []string{"html"}, "`formats` to write: "+strings.Join(formatNames(), ", "))
}

func formatNames() (names []string) {
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// selected returns the formats that were asked for.
func (f *outputFlags) selected() (formats []report.Format, err error) {
	for _, name := range f.formats {
		all := report.Formats()
		i := slices.IndexFunc(all, func(f report.Format) bool { return f.Name == name })
		if i < 0 {
			return nil, usagef("--format %s: the formats are %s", name, strings.Join(formatNames(), ", "))
		}
		formats = append(formats, all[i])
	}
	return formats, nil
}

// plan is what the flags of a run come to.
type plan struct {
	agent   string
	cases   []conformance.Case
	options runner.Options
	rules   conformance.Rules
	formats []report.Format
	out     string
}

// newRun returns the run of a device, without results.
func (p plan) newRun(agent string, device wire.Role) report.Run {
	return report.Run{
		Agent: agent, Tool: "wsprobe " + version, DeviceRole: device,
		Profile: p.options.Profile.Name, Seed: p.options.Seed, Started: time.Now().UTC(),
		TimeScale: p.options.TimeScale, Messages: p.options.Messages, Strict: p.rules.Strict, Known: p.rules.Known,
	}
}

// plan reads what the flags name. Every error is the user's to mend.
func (f *playFlags) plan(agent string) (p plan, err error) {
	p = plan{agent: agent, out: f.output.dir, rules: conformance.Rules{Strict: f.strict}}
	if p.formats, err = f.output.selected(); err != nil {
		return p, err
	}
	if p.cases, err = f.selectCases(); err != nil {
		return p, err
	}
	if p.options, err = f.options(); err != nil {
		return p, err
	}
	p.rules.Known, err = f.readKnown()
	return p, err
}

// fit leaves out the cases that are not for a device of this role, and says how
// many. What a device is shows in the command; its profile may be of a library
// that is both, or borrowed for its limits, and is to skip no case for its role.
func (p *plan) fit(env env, device wire.Role) error {
	p.options.Profile.DeviceRole = device
	all := len(p.cases)
	p.cases = slices.DeleteFunc(slices.Clone(p.cases), func(c conformance.Case) bool { return !c.Fits(device) })
	switch left := all - len(p.cases); {
	case len(p.cases) == 0:
		return usagef("--cases: none of these is for a device that is a %v", device)
	case left > 0:
		fmt.Fprintf(env.Stderr, "wsprobe: left out %d cases, which are not for a device that is a %v\n", left, device)
	}
	return nil
}

func (f *playFlags) selectCases() ([]conformance.Case, error) {
	if f.cases != nil && len(f.cases) == 0 {
		return nil, usagef("--cases \"\": names no case; leave the flag out for all")
	}
	all := conformance.Catalogue()
	cases, err := conformance.Select(all, f.cases...)
	if err != nil {
		return nil, usagef("--cases: %v; wsprobe list shows them all", err)
	}
	if len(f.exclude) == 0 {
		return cases, nil
	}
	out, err := conformance.Select(all, f.exclude...)
	if err != nil {
		return nil, usagef("--exclude: %v; wsprobe list shows them all", err)
	}
	excluded := map[conformance.ID]bool{}
	for _, c := range out {
		excluded[c.ID] = true
	}
	cases = slices.DeleteFunc(slices.Clone(cases), func(c conformance.Case) bool { return excluded[c.ID] })
	if len(cases) == 0 {
		return nil, usagef("--exclude leaves no case to play")
	}
	return cases, nil
}

func (f *playFlags) options() (o runner.Options, err error) {
	if f.messages < 0 {
		return o, usagef("--messages %d: want a number from 1, or 0 for all", f.messages)
	}
	o, err = f.deviceFlags.options()
	o.Messages = f.messages
	return o, err
}

func (f *deviceFlags) options() (o runner.Options, err error) {
	o = runner.Options{Parallel: f.parallel, TimeScale: f.timeScale, Seed: rand.Uint64()}
	if f.seed != "" {
		if o.Seed, err = strconv.ParseUint(f.seed, 10, 64); err != nil {
			return o, usagef("--seed %q: want a number from 0 to 18446744073709551615", f.seed)
		}
	}
	if !(f.timeScale >= 0.001 && f.timeScale <= 1000) {
		return o, usagef("--time-scale %v: want a factor from 0.001 to 1000", f.timeScale)
	}
	if f.parallel < 1 || f.parallel > 256 {
		return o, usagef("--parallel %d: want a number from 1 to 256", f.parallel)
	}
	if f.profile != "" {
		if o.Profile, err = profile.Load(f.profile); err != nil {
			return o, usagef("%v", err)
		}
	}
	if most := o.Profile.Connections; most > 0 && f.parallel > most {
		return o, usagef("--parallel %d: the profile says that the device takes %d connections", f.parallel, most)
	}
	return o, nil
}

func (f *playFlags) readKnown() (conformance.Known, error) {
	if f.known == "" {
		return nil, nil
	}
	file, err := openFile(f.known)
	if err != nil {
		return nil, usagef("--known: %v", fileError(err))
	}
	defer file.Close()
	known, err := conformance.ReadKnown(io.LimitReader(file, maxKnownFile))
	if err != nil {
		return nil, usagef("--known %s: %v", f.known, err)
	}
	if lines := known.Unmatched(conformance.Catalogue()); len(lines) > 0 {
		return nil, usagef("--known %s: line %d: no case matches %q", f.known, lines[0].N, lines[0].Pattern)
	}
	return known, nil
}

// maxKnownFile bounds a list of known verdicts, in octets.
const maxKnownFile = 1 << 20
