package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

type replayOptions struct {
	deviceFlags
	target targetFlags
	listen string
	file   string
}

func newReplayCmd(env env) *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay FILE TARGET | replay FILE --listen ADDR",
		Short: "Play a finding of the fuzzer again",
		Long: `replay plays a script that fuzz has brought home, or that somebody wrote, against
a device, shows what goes over the wire, and tells which invariants the device
breaks and whether it is well afterwards. Exit codes: 0 it breaks none; 1 it does;
2 usage; 3 there is no device.`,
		Example: `  wsprobe replay report/findings/down-len-1234.case 192.168.4.1
  wsprobe replay report/findings/hang-frag-7.case --listen :9001`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("replay wants a FILE, such as report/findings/down-len-1234.case (see wsprobe replay --help)")
			}
			return atMost(1, "TARGET", "192.168.4.1")(cmd, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			if len(args) == 2 {
				o.target.url = args[1]
			}
			return o.run(cmd.Context(), env)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.profile, "profile", "", "what the device has and how it replies: a `name` or a YAML file")
	flags.StringVar(&o.seed, "seed", "1", "`number` that keys are drawn from")
	flags.Float64Var(&o.timeScale, "time-scale", 1, "`factor` for every wait: 3 for a slow device")
	flags.StringVar(&o.listen, "listen", "", "the device is a client: wait for it at this `address`")
	o.target.bind(flags)
	return cmd
}

func (o *replayOptions) run(ctx context.Context, env env) error {
	if (o.target.url == "") == (o.listen == "") {
		return usagef("replay wants one TARGET, such as 192.168.4.1, or --listen ADDR (see wsprobe replay --help)")
	}
	o.parallel = 1
	options, err := o.options()
	if err != nil {
		return err
	}
	cases, err := o.read()
	if err != nil {
		return err
	}
	device := wire.Server
	if o.listen != "" {
		device = wire.Client
	}
	for _, c := range cases {
		if !c.Fits(device) {
			return usagef("%s: %s is not for a device that is a %v", o.file, report.Printable(string(c.ID)), device)
		}
	}
	peer, stop, err := o.peer(ctx, env, options)
	if err != nil {
		return err
	}
	defer stop()
	var before []conformance.Script
	for _, c := range cases[:len(cases)-1] {
		before = append(before, c.Script)
	}
	replay := fuzzing.Replay(ctx, peer, options, before, cases[len(cases)-1].Script)
	if ctx.Err() != nil {
		return &exitError{exitInterrupted, "interrupted"}
	}
	if e := replay.Encounter; e.Refusal != nil && e.Refusal.Unreached && len(before) == 0 {
		return &exitError{exitUnreached, e.Refusal.Reason}
	}
	fmt.Fprint(env.Stdout, replay.Encounter.Transcript)
	for _, b := range replay.Breaches {
		fmt.Fprintf(env.Stdout, "%v: %s: %s\n", b.Kind, report.Printable(b.Rule), report.Printable(b.Detail))
	}
	if len(replay.Breaches) > 0 {
		return &exitError{code: exitFailed}
	}
	fmt.Fprintln(env.Stdout, "no invariant is broken, and the device is well")
	return nil
}

// read reads the cases of the file.
func (o *replayOptions) read() ([]conformance.Case, error) {
	file, err := openFile(o.file)
	if err != nil {
		return nil, usagef("%v", fileError(err))
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, report.MaxCaseFile+1))
	if err != nil {
		return nil, usagef("%v", fileError(err))
	}
	cases, err := report.ParseCaseFile(string(text))
	if err != nil {
		return nil, usagef("%s: %v", o.file, err)
	}
	return cases, nil
}

// peer returns who brings connections to the device.
func (o *replayOptions) peer(ctx context.Context, env env, options runner.Options) (runner.Peer, func(), error) {
	if o.listen == "" {
		target, err := o.target.parse()
		if err != nil {
			return nil, nil, err
		}
		dialer, err := o.target.dialer(target, options.Profile)
		return dialer, func() {}, err
	}
	return incoming(ctx, env, o.listen, options)
}
