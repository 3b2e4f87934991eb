package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wsprobe/internal/conformance"
)

func newListCmd(env env) *cobra.Command {
	return &cobra.Command{
		Use:   "list [PATTERN…]",
		Short: "List the cases, without playing them",
		Example: `  wsprobe list
  wsprobe list '7.*' 5.4`,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cases, err := conformance.Select(conformance.Catalogue(), patterns...)
			if err != nil {
				return usagef("%v; wsprobe list shows them all", err)
			}
			for _, c := range cases {
				fmt.Fprintf(env.Stdout, "%-7s %-16s %s\n", c.ID, c.Spec, c.Title)
			}
			return nil
		},
	}
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
