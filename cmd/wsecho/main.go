// Command wsecho is the WebSocket server that a bench of devices talks to: it
// answers each message with the same message, and shows what was said.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

// Exit codes.
const (
	exitOK     = 0 // stopped by a signal, which is how a server is meant to end; or it was only asked something
	exitFailed = 1 // it cannot listen, or go on
	exitUsage  = 2
)

type env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // so that a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], env{os.Stdin, os.Stdout, os.Stderr}))
}

func run(ctx context.Context, args []string, env env) int {
	var o options
	cmd := newCmd(env, &o)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(o.watch.said(env.Stderr), "wsecho:", err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// A usageError is of a flag, or of a file or folder that one names, that will not do.
type usageError struct{ error }

func newCmd(env env, o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "wsecho",
		Short: "A WebSocket echo server for devices",
		Long: `A WebSocket echo server for devices.

It answers each message with the same message: one unfragmented frame, as small
devices need it. Paths such as /greet, /slow and /reset do otherwise; wsecho
behaviours lists them. At /socket.io/ events come back to clients of Socket.IO.
Connections and messages are shown on stdout, and on stderr each rule of RFC
6455 that a device breaks. In a browser the same address shows the devices, live,
and has a console to try the server from; /metrics and /healthz are there, too.
What devices do not need is off: --deflate compresses, --mdns announces the
server, --strict refuses what is only named otherwise.`,
		Example: `  wsecho                                  # ws://this-machine:9001/
  wsecho --listen 192.168.4.2:80 --reply "Reply for %s"
  wsecho --default 'slow?delay=2s'        # for firmware with one fixed URL
  wsecho --schedule '1-3:echo,4:reset,5-:echo'
  wsecho --tls                            # wss, with a certificate made and kept
  wsecho --deflate --strict               # for a device that is to be right
  wsecho --mdns bench                     # ws://bench.local:9001/`,
		Version: version,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.echoes = !cmd.Flags().Changed("reply")
			o.announces = cmd.Flags().Changed("mdns")
			return o.run(cmd.Context(), env)
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	o.bind(cmd)
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see wsecho --help", err)}
	})
	cmd.SetOut(env.Stdout)
	cmd.SetErr(env.Stderr)
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.AddCommand(newBehavioursCmd(env), newCertCmd(env))
	return cmd
}

// noArgs refuses arguments, and what was meant as a command.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unexpected argument %q; see wsecho --help", args[0])}
	}
	return nil
}
