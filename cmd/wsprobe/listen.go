package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"wsprobe/internal/certificate"
	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

type listenOptions struct {
	play    playFlags
	recover recoverFlags
	address string
	agents  []string
	limit   time.Duration
	between bool
	tls     certificate.Source
}

func newListenCmd(env env) *cobra.Command {
	var o listenOptions
	cmd := &cobra.Command{
		Use:   "listen ADDR",
		Short: "Play cases with a device that is a client",
		Long: `listen waits for devices that open connections, and plays a case on each.

A device that knows one URL needs no change: every path is "the next case" of
the device that comes, told apart by its address or ?agent=NAME, so that its
reconnect loop plays the suite. Clients made for the Autobahn testsuite run
unchanged: /getCaseCount, /runCase?case=N&agent=NAME, /updateReports?agent=NAME
and its other URLs are served.

Requests that are refused are judged too, in the results of the rows CRQ.

With --recover or --reset-cmd a device has to come back in time: one that does not
is reset, if there is a command for that, and waited for again; the case that it
played last is FAILED. Without them it may take as long as it likes.

It ends when every case is played by each --agent (without one, by the first
device), at --for, or at an interrupt. Exit codes are those of dial; 3 means
that no device came, or not each --agent, and 4 that one went on the way: at
--for it had been away for ten seconds and had not played all.`,
		Example: `  wsprobe listen :9001
  wsprobe listen :9001 --agent my-board --for 10m --cases '1.*,5.*'
  wsprobe listen :9001 --recover 30s --reset-cmd ./power-cycle.sh
  wsprobe listen :9443 --tls`,
		Args: wants("ADDR", ":9001"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.address = args[0]
			return o.run(cmd.Context(), env)
		},
	}
	o.play.bind(cmd.Flags())
	o.recover.bind(cmd.Flags(), 0, "; 10s with a --reset-cmd, else as long as it takes")
	o.play.parallel = 1
	flags := cmd.Flags()
	flags.StringSliceVar(&o.agents, "agent", nil, "`names` of the devices that are expected")
	flags.DurationVar(&o.limit, "for", 0, "end after this `time`, such as 10m")
	flags.BoolVar(&o.between, "between", false, "an ordinary connection between two cases, for firmware that needs it")
	o.tls.Bind(flags)
	return cmd
}

func (o listenOptions) run(ctx context.Context, env env) error {
	if o.limit < 0 {
		return usagef("--for %v: want a time above 0, such as 10m", o.limit)
	}
	plan, err := o.play.plan("")
	if err != nil {
		return err
	}
	if err := o.recover.apply(&plan.options, env); err != nil {
		return err
	}
	if err := plan.fit(env, wire.Client); err != nil {
		return err
	}
	cases := slices.DeleteFunc(slices.Clone(plan.cases), func(c conformance.Case) bool { return plan.options.Profile.Beyond(c) != "" })
	if len(cases) == 0 {
		return usagef("--cases: none of these is within the limits of the profile")
	}
	if err := writable(plan.out); err != nil {
		return err
	}
	on, err := o.listen(env)
	if err != nil {
		return err
	}
	if o.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.limit)
		defer cancel()
	}
	reached := certificate.ThisHost().HostPorts(on.Addr())
	fmt.Fprintf(env.Stderr, "wsprobe: waiting for devices at %s://%s/, profile %s, seed %d, %d cases\n",
		o.scheme(), reached[0], orNone(plan.options.Profile.Name), plan.options.Seed, len(cases))
	for _, at := range reached[1:] {
		fmt.Fprintf(env.Stderr, "wsprobe: also at %s://%s/\n", o.scheme(), at)
	}
	l := &listening{env: env, plan: plan, screen: newScreen(env.Stderr), keepers: map[string]*keeper{}, progress: map[string]*progress{}}
	l.env.Stderr = l.screen
	return l.serve(ctx, &runner.Listener{
		Cases: cases, Options: plan.options, Agents: o.agents, Between: o.between, Log: l.log,
	}, on)
}

func (o listenOptions) scheme() string {
	if o.tls.On() {
		return "wss"
	}
	return "ws"
}

// listen opens the address, with TLS if that is asked for.
func (o listenOptions) listen(env env) (net.Listener, error) {
	if err := o.tls.Check(); err != nil {
		return nil, usagef("%v", err)
	}
	config, told, err := o.tls.Config()
	if err != nil {
		return nil, usagef("%v", err)
	}
	for _, line := range told {
		fmt.Fprintln(env.Stderr, "wsprobe:", line)
	}
	on, err := net.Listen("tcp", o.address)
	if err != nil {
		return nil, usagef("%v; take another address, or port 0 for a free one", err)
	}
	if config != nil {
		return tls.NewListener(on, config), nil
	}
	return on, nil
}
