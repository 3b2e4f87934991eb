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
	"time"

	"github.com/spf13/cobra"

	"wsprobe/internal/echo"
)

// version is set when a release is built.
var version = "dev"

// Exit codes.
const (
	exitStopped      = 0 // by a signal: how a server is meant to end
	exitCannotListen = 1
	exitUsage        = 2
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
	cmd := newCmd(env)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitStopped
	}
	fmt.Fprintln(env.Stderr, "wsecho:", err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitCannotListen
}

// A usageError is what is wrong with the command line.
type usageError struct{ error }

func newCmd(env env) *cobra.Command {
	var o options
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

func (o *options) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.listen, "listen", ":9001", "`address` to listen on, HOST:PORT or :PORT; port 0 chooses one")
	flags.StringVar(&o.reply, "reply", "", "what / answers to text, with %s for the text, instead of an echo")
	flags.StringVar(&o.standard, "default", "", "`behaviour` of /, such as 'slow?delay=2s'; see wsecho behaviours")
	flags.StringVar(&o.schedule, "schedule", "", "`behaviours` of / by the n-th connection of a device: '1-3:echo,4:reset,5-:echo'")
	o.maxMessage = echo.DefaultMaxMessage
	flags.Var(&o.maxMessage, "max-message", "longest message taken, in octets")
	flags.StringVar(&o.deflate, "deflate", "", "compress where a device offers permessage-deflate; with =no-takeover each message by itself")
	flags.Lookup("deflate").NoOptDefVal = string(echo.DeflateTakeover)
	flags.IntVar(&o.maxConnections, "max-connections", 1000, "`number` of connections that may be open, 0 without limit")
	flags.DurationVar(&o.handshake, "handshake", 10*time.Second, "how long an opening handshake may take")
	flags.DurationVar(&o.idle, "idle", 0, "close who sends nothing for this `time`, such as 5m; 0 never")
	flags.StringVar(&o.mdns, "mdns", "", "announce `NAME`.local and its service _ws._tcp on the network, by multicast DNS")
	o.tls.bind(flags)
	o.watch.bind(flags)
	flags.StringVar(&o.admin, "admin", "", "`address` to serve the page, /metrics and /healthz on, instead of the one of --listen")
	flags.BoolVar(&o.quiet, "quiet", false, "do not show connections and messages")
}

// noArgs refuses arguments, and what was meant as a command.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unexpected argument %q; see wsecho --help", args[0])}
	}
	return nil
}
