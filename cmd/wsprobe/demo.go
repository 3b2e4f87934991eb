package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"

	"github.com/spf13/cobra"

	"wsprobe/internal/echo"
	"wsprobe/internal/report"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated"
	"wsprobe/internal/wire"
)

type demoOptions struct{ out string }

func newDemoCmd(env env) *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The main job without hardware: a simulated device and an echo server",
		Long: `demo plays the suite against a simulated arduino-esp8266 and against wsecho's
echo server, and writes one report of both. It exits with 0 when both runs went
through, whatever the verdicts.`,
		Example: `  wsprobe demo
  wsprobe demo --out /tmp/demo`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), env) },
	}
	cmd.Flags().StringVar(&o.out, "out", "report/", "`folder` for reports")
	return cmd
}

// demonstration is one of the two runs of the demo.
type demonstration struct {
	name, profile string
	parallel      int
	serve         func(context.Context, net.Listener) error
}

func (o demoOptions) run(ctx context.Context, env env) error {
	const device = "arduino-esp8266"
	var runs []report.Run
	var played error
	for _, d := range []demonstration{
		{"wsecho", "host", 8, func(ctx context.Context, l net.Listener) error { return echo.Serve(ctx, l, echo.Options{}) }},
		{device, device, 4, func(ctx context.Context, l net.Listener) error { return simulated.Serve(ctx, l, device) }},
	} {
		run, err := o.play(ctx, env, d)
		if len(run.Results) > 0 {
			runs = append(runs, run)
		}
		played = err
		if err != nil {
			break
		}
	}
	if len(runs) == 0 {
		return played
	}
	formats, err := (&outputFlags{formats: []string{"html"}}).selected()
	if err != nil {
		return err
	}
	if err := writeReports(o.out, formats, runs...); err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "\nSide by side, with what was on the wire: %s\n", filepath.Join(o.out, formats[0].File))
	return played
}

// play serves a device on a free port and plays the suite against it.
func (o demoOptions) play(ctx context.Context, env env, d demonstration) (report.Run, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return report.Run{}, usagef("a port for the demo: %v", err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- d.serve(serving, listener) }()
	defer func() {
		stop()
		<-served
	}()
	flags := playFlags{deviceFlags: deviceFlags{profile: d.profile, parallel: d.parallel, seed: "1", timeScale: 1,
		output: outputFlags{dir: filepath.Join(o.out, d.name)}}}
	plan, err := flags.plan(d.name)
	if err != nil {
		return report.Run{}, err
	}
	if err := plan.fit(env, wire.Server); err != nil {
		return report.Run{}, err
	}
	target, err := runner.ParseTarget(listener.Addr().String())
	if err != nil {
		return report.Run{}, err
	}
	fmt.Fprintf(env.Stderr, "wsprobe: %s at %v, %d cases\n", d.name, target, len(plan.cases))
	r, err := newRecorder(env, plan)
	if err != nil {
		return report.Run{}, err
	}
	var verdicts *exitError
	err = r.play(ctx, &runner.Dialer{Target: target})
	if errors.As(err, &verdicts) && verdicts.code == exitFailed {
		err = nil // what fails is what the demo is to show
	}
	return r.run, err
}
