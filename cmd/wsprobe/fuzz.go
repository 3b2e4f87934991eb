package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
)

type fuzzOptions struct {
	deviceFlags
	target     targetFlags
	recover    recoverFlags
	listen     string
	agent      string
	families   []string
	iterations int
	limit      time.Duration
	preset     string
	resume     bool
	failOn     string
	allow      []string
	heap       heapFlags
}

func newFuzzCmd(env env) *cobra.Command {
	var o fuzzOptions
	cmd := &cobra.Command{
		Use:   "fuzz TARGET | fuzz --listen ADDR",
		Short: "Look for what brings a device down, and shrink it",
		Long: `fuzz sends a device what no case of the suite thought of: every boundary first,
then inputs drawn by grammar, then scripts of the catalogue, bent. It asks no
answer of the device, but that invariants hold: its own frames are lawful, what
it echoes is what was sent, it ends what it has to end, and it is well afterwards.
What breaks one comes home as a finding: reproduced, shrunk to a script of a few
lines, and written to OUT/findings as a script for wsprobe replay, as octets, as a
program in Python and as a capture for Wireshark.

Findings, the worst first: DOWN it crashed; HANG it neither answers nor ends, or
holds up others; LEAK it sends octets that it was not sent; SMUGGLE it takes part
of a frame for a frame; DESYNC its answers are not what was sent; ILLEGAL it sends
what no endpoint may send; SLOW its latency or memory creeps; LENIENT it accepts
what it had to refuse.

The same --seed and number give the same octets. A campaign that was ended goes
on with --resume. Exit codes are those of dial; 1 means findings of --fail-on or
worse.`,
		Example: `  wsprobe fuzz 192.168.4.1 --profile arduino-esp8266 --for 10m --recover 30s
  wsprobe fuzz ws://localhost:9001/echo --preset smoke --parallel 4
  wsprobe fuzz --listen :9001 --family len,frag --seed 7
  wsprobe replay report/findings/down-len-1234.case 192.168.4.1`,
		Args: atMost(1, "TARGET", "192.168.4.1"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.target.url = args[0]
			}
			return o.run(cmd.Context(), env)
		},
	}
	o.bind(cmd.Flags())
	return cmd
}

func (o *fuzzOptions) bind(flags *pflag.FlagSet) {
	o.deviceFlags.bind(flags)
	o.target.bind(flags)
	o.recover.bind(flags, runner.DefaultRecover, "")
	o.heap.bind(flags)
	flags.IntVar(&o.parallel, "parallel", 1, "play `n` inputs at once; small devices want 1")
	flags.StringVar(&o.listen, "listen", "", "the device is a client: wait for it at this `address`")
	flags.StringVar(&o.agent, "agent", "", "the device's `name` in reports (default its address)")
	flags.StringSliceVar(&o.families, "family", nil, "inputs of these `families` only: "+strings.Join(familyNames(), ", "))
	flags.IntVar(&o.iterations, "iterations", 0, "end after `n` inputs")
	flags.DurationVar(&o.limit, "for", 0, "end after this `time`, such as 10m (default at an interrupt)")
	flags.StringVar(&o.preset, "preset", "", "`smoke` for CI, 60s, or nightly, 200000 inputs")
	flags.BoolVar(&o.resume, "resume", false, "go on with the campaign in the output folder")
	flags.StringVar(&o.failOn, "fail-on", conformance.KindIllegal.String(), "exit with 1 on findings of this `kind` or worse")
	flags.StringSliceVar(&o.allow, "allow", nil, "`destructive`: floods, bombs, and all slots taken")
}

func (o *fuzzOptions) run(ctx context.Context, env env) error {
	c, err := o.plan(env)
	if err != nil {
		return err
	}
	formats, err := o.output.selected()
	if err != nil {
		return err
	}
	gauge, err := o.heap.gauge()
	if err != nil {
		return err
	}
	source, err := inputs.NewSource(c.target)
	if err != nil {
		return usagef("--family: %v", err)
	}
	peer, stop, err := o.peer(ctx, env, &c)
	if err != nil {
		return err
	}
	defer stop()
	kept, err := o.keep(env, &c)
	if err != nil {
		return err
	}
	defer kept.close()
	watch := runner.NewWatch(peer, c.options)
	defer watch.Close()
	if gauge != nil {
		watch.Gauge = gauge
		reading, stop := context.WithCancel(ctx)
		defer stop()
		go func() {
			if err := gauge.Watch(reading); err != nil && reading.Err() == nil {
				fmt.Fprintf(env.Stderr, "wsprobe: --heap: %v\n", fileError(err))
			}
		}()
	}
	seed := kept.run.Seed
	fmt.Fprintf(env.Stderr, "wsprobe: fuzzing %s, profile %s, seed %d, %d boundaries first\n",
		kept.run.Agent, orNone(c.options.Profile.Name), seed, source.Boundaries())
	ended := kept.play(ctx, c, &fuzzing.Campaign{
		Peer: peer, Watch: watch, Options: c.options, Seed: seed, Inputs: c.inputs,
		Done: kept.journal.Done, Findings: kept.findings(),
		Input: func(n int) (conformance.Family, conformance.Script) { return source.Input(seed, n) },
	})
	return kept.finish(ctx, watch, formats, ended)
}
