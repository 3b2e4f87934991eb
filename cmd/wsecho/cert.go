package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wsprobe/internal/certificate"
)

func newCertCmd(env env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cert",
		Short: "Show the CA that devices are to trust",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCertShowCmd(env))
	return cmd
}

func newCertShowCmd(env env) *cobra.Command {
	var inC, rsa bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the CA of --tls, as PEM or for a sketch",
		Long: `show prints the CA that made the certificate of --tls, as PEM; with --c in C, to
paste into a sketch. The CA is made if it is not there yet, and kept.

The fingerprints of the certificate itself are told on stderr.`,
		Example: `  wsecho cert show > bench.pem
  wsecho cert show --c > bench_ca.h`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			authority, err := certificate.Open("", certificate.Options{RSA: rsa})
			if err != nil {
				return usageError{err}
			}
			short, long := authority.Fingerprints()
			fmt.Fprintf(env.Stderr, "SHA-1   %s\nSHA-256 %s\n", short, long)
			shown := authority.CAPEM()
			if inC {
				shown = authority.CAHeader()
			}
			_, err = env.Stdout.Write(shown)
			return err
		},
	}
	cmd.Flags().BoolVar(&inC, "c", false, "in C, as a string of PEM and as an array of octets")
	cmd.Flags().BoolVar(&rsa, "rsa", false, "the CA of --tls-rsa")
	return cmd
}
