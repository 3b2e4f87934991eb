package main

import (
	"time"

	"github.com/spf13/pflag"

	"wsprobe/internal/runner"
)

// recoverFlags say what becomes of a device that goes on the way.
type recoverFlags struct {
	wait    time.Duration
	command string
}

func (f *recoverFlags) bind(flags *pflag.FlagSet, wait time.Duration, meaning string) {
	flags.DurationVar(&f.wait, "recover", wait, "wait so much `time` for a device that went"+meaning)
	flags.StringVar(&f.command, "reset-cmd", "", "if it has not come back by then, run this `command` by the shell, and wait again")
}

// longestRecover bounds how long a device may be waited for.
const longestRecover = 24 * time.Hour

// apply puts the flags into the options of a run.
func (f *recoverFlags) apply(o *runner.Options, env env) error {
	if f.wait < 0 || f.wait > longestRecover {
		return usagef("--recover %v: want a time from 1ms to 24h", f.wait)
	}
	o.Recover = f.wait
	if f.command != "" {
		o.Reset = runner.ResetCommand(f.command, env.Stderr)
	}
	return nil
}
