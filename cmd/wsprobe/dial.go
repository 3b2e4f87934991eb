package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"wsprobe/internal/profile"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

type dialOptions struct {
	play    playFlags
	recover recoverFlags
	target  targetFlags
	agent   string
}

func newDialCmd(env env) *cobra.Command {
	var o dialOptions
	cmd := &cobra.Command{
		Use:   "dial TARGET",
		Short: "Play cases against a device that is a server",
		Long: `dial opens connections to a device, plays the cases on them one after the other,
and writes a report. TARGET is a ws:// or wss:// URL, or just HOST[:PORT][/PATH].

A device that goes on the way is waited for, then reset if there is a command for
that, and waited for again; the run goes on, and the case at which it went is
FAILED. With --parallel each case that was played then is tried again alone. The
command finds in WSPROBE_AFTER what was played, in WSPROBE_WRONG what is wrong.

Exit codes: 0 as expected; 1 verdicts worse than allowed; 2 usage; 3 no 101 on
the first connection; 4 the device went on the way and did not come back; 5 a
known verdict is stale; 130 interrupted (the report is still written).`,
		Example: `  wsprobe dial 192.168.4.1 --profile arduino-esp8266
  wsprobe dial ws://localhost:9001/echo --profile host --parallel 8
  wsprobe dial 192.168.4.1 --recover 30s --reset-cmd ./power-cycle.sh
  wsprobe dial board.local --cases '5.*' --time-scale 3 --format html,junit`,
		Args: wants("TARGET", "192.168.4.1"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target.url = args[0]
			return o.run(cmd.Context(), env)
		},
	}
	o.play.bind(cmd.Flags())
	o.recover.bind(cmd.Flags(), runner.DefaultRecover, "")
	cmd.Flags().IntVar(&o.play.parallel, "parallel", 1, "play `n` cases at once; small devices want 1")
	cmd.Flags().StringVar(&o.agent, "agent", "", "the device's `name` in reports (default HOST:PORT)")
	o.target.bind(cmd.Flags())
	return cmd
}

func (o dialOptions) run(ctx context.Context, env env) error {
	target, err := o.target.parse()
	if err != nil {
		return err
	}
	if o.agent == "" {
		o.agent = target.Address()
	}
	plan, err := o.play.plan(o.agent)
	if err != nil {
		return err
	}
	if err := o.recover.apply(&plan.options, env); err != nil {
		return err
	}
	if err := plan.fit(env, wire.Server); err != nil {
		return err
	}
	dialer, err := o.target.dialer(target, plan.options.Profile)
	if err != nil {
		return err
	}
	session, err := newRecorder(env, plan)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stderr, "wsprobe: dialling %v, profile %s, seed %d, %d cases\n",
		dialer.Target, orNone(plan.options.Profile.Name), plan.options.Seed, len(plan.cases))
	if err := acquaint(ctx, env, dialer, plan.options); err != nil {
		return err
	}
	return session.play(ctx, dialer)
}

// question is what the first connection asks of a device without a profile.
const question = "Hello, wsprobe!"

// acquaint opens the first connection. Without a profile it has one ordinary
// exchange on it, and tells which profile fits a device that does not echo.
func acquaint(ctx context.Context, env env, dialer *runner.Dialer, o runner.Options) error {
	ask := question
	if o.Profile.Name != "" {
		ask = ""
	}
	seen, open := runner.Acquaint(ctx, dialer, o, ask)
	switch {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, "interrupted before the first case"}
	case open != nil:
		return &exitError{exitUnreached, fmt.Sprintf("%v: %v", dialer.Target, open)}
	}
	if hint := profile.Hint(seen.Asked, seen.Said, seen.Instead); hint != "" {
		fmt.Fprintln(env.Stderr, "wsprobe: "+hint)
	}
	return nil
}

func orNone(name string) string {
	if strings.TrimSpace(name) == "" {
		return "none"
	}
	return name
}
