package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wsprobe/internal/conformance"
)

func newListCmd(env env) *cobra.Command {
	rows := false
	cmd := &cobra.Command{
		Use:   "list [PATTERN…]",
		Short: "List the cases, without playing them",
		Long: `list prints the cases, a line each, or with --rows the requirements that they
judge: the row, how strong it is, and its cases. SRQ.11.3 is a case of SRQ-11.`,
		Example: `  wsprobe list
  wsprobe list '7.*' 5.4
  wsprobe list --rows`,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			if rows {
				return listRows(env, patterns)
			}
			cases, err := conformance.Select(conformance.Catalogue(), patterns...)
			if err != nil {
				return usagef("%v; wsprobe list shows them all", err)
			}
			for _, c := range cases {
				fmt.Fprintf(env.Stdout, "%-9s %-16s %s\n", c.ID, c.Spec, c.Title)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&rows, "rows", false, "list the requirement rows, and the cases of each")
	return cmd
}

// listRows prints what judges each requirement row.
func listRows(env env, patterns []string) error {
	if len(patterns) > 0 {
		return usagef("list --rows takes no patterns; it shows all rows")
	}
	for _, c := range conformance.Cover(conformance.Catalogue()) {
		device := "both"
		if c.Row.Device != 0 {
			device = c.Row.Device.String()
		}
		fmt.Fprintf(env.Stdout, "%-7s %-10s %-7s %s\n        %v\n", c.Row.ID, c.Row.Strength(), device, c.Row.Requirement, c)
	}
	return nil
}

func newShowCmd(env env) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID…",
		Short: "Show what a case does, step by step",
		Example: `  wsprobe show 5.4
  wsprobe show '3.*'`,
		Args: wants("ID…", "5.4"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			cases, err := conformance.Select(conformance.Catalogue(), ids...)
			if err != nil {
				return usagef("%v; wsprobe list shows them all", err)
			}
			for i, c := range cases {
				if i > 0 {
					fmt.Fprintln(env.Stdout)
				}
				fmt.Fprint(env.Stdout, c)
			}
			return nil
		},
	}
}
