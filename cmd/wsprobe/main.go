// The wsprobe binary plays WebSocket conformance cases against a device and
// tells what the device does wrong.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	os.Exit(run(ctx, os.Args[1:], env{os.Stdin, os.Stdout, os.Stderr}))
}

// env is what a command may touch besides the network and files.
type env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer // results; progress and logs
}

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, env env) int {
	shown := &results{to: env.Stdout}
	env.Stdout = shown
	root := newRootCmd(env)
	root.SetArgs(args)
	code, message := explain(root.ExecuteContext(ctx))
	if message != "" {
		fmt.Fprintln(env.Stderr, "wsprobe: "+message)
	}
	if err := shown.err(); err != nil {
		fmt.Fprintf(env.Stderr, "wsprobe: what was to be shown is lost: %v\n", err)
		code = cmp.Or(code, exitUsage)
	}
	return code
}

func newRootCmd(env env) *cobra.Command {
	root := &cobra.Command{
		Use:   "wsprobe",
		Short: "Find out what a device does wrong when it speaks WebSocket",
		Long: `wsprobe opens connections to a device, plays the cases of a conformance suite on
them, and tells what the device does wrong: in which case, why, and what was on
the wire.`,
		Example: `  wsprobe demo                                          no device at hand
  wsprobe dial 192.168.4.1 --profile arduino-esp8266    a board
  wsprobe dial ws://localhost:9001/echo --parallel 8    a library's echo server
  wsprobe listen :9001                                  a device that is a client
  wsprobe fuzz 192.168.4.1 --for 10m                    what nobody thought of
  wsprobe show 5.4                                      what a case does`,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return cmd.Help()
		},
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newDialCmd(env), newListenCmd(env), newFuzzCmd(env), newReplayCmd(env), newListCmd(env), newShowCmd(env), newReportCmd(env),
		newSimulateCmd(env), newDemoCmd(env),
	)
	return root
}
