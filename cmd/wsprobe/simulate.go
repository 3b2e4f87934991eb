package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wsprobe/internal/certificate"
	"wsprobe/internal/simulated"
)

type simulateOptions struct {
	name   string
	listen string
}

func newSimulateCmd(env env) *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate NAME",
		Short: "Be a device, made of software",
		Long: `simulate serves as one of the devices below does, with its limits and its faults,
until it is interrupted: ` + strings.Join(simulated.Names(), ", ") + `.`,
		Example: `  wsprobe simulate arduino-esp8266
  wsprobe simulate micropython --listen 127.0.0.1:9003`,
		Args: wants("NAME", "arduino-esp8266"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return o.run(cmd.Context(), env)
		},
	}
	cmd.Flags().StringVar(&o.listen, "listen", "127.0.0.1:9002", "`address` to serve at; port 0 takes a free one")
	return cmd
}

func (o simulateOptions) run(ctx context.Context, env env) error {
	if !slices.Contains(simulated.Names(), o.name) {
		return usagef("no device is called %q: there are %s", o.name, strings.Join(simulated.Names(), ", "))
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usagef("--listen: %v; take another port, or 0 for a free one", err)
	}
	reached := certificate.ThisHost().HostPorts(listener.Addr())
	for _, at := range reached {
		fmt.Fprintf(env.Stdout, "ws://%s\n", at)
	}
	fmt.Fprintf(env.Stderr, "wsprobe: a simulated %s; try: wsprobe dial %s --profile %s\n", o.name, reached[0], o.name)
	return simulated.Serve(ctx, listener, o.name)
}
