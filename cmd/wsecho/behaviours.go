package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"wsprobe/internal/echo"
	"wsprobe/internal/engineio"
)

func newBehavioursCmd(env env) *cobra.Command {
	return &cobra.Command{
		Use:     "behaviours",
		Aliases: []string{"behaviors"},
		Short:   "List what the server does by path",
		Long: `behaviours lists the paths of the server, each with an example of its parameters,
and what the server does there; last, those for clients of Socket.IO and
Engine.IO. Every other path does what / does.

--default and --schedule take them without the slash: 'slow?delay=2s'.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			out := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
			for _, b := range echo.Behaviours() {
				fmt.Fprintf(out, "%s\t%s\n", b.URL(), b.Does)
			}
			for _, e := range engineio.Endpoints() {
				fmt.Fprintf(out, "%s\t%s\n", e.Path, e.Does)
			}
			return out.Flush()
		},
	}
}
