package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes. Of several reasons the first of 130, 4, 1, 5 counts.
const (
	exitOK          = 0
	exitFailed      = 1   // verdicts worse than allowed
	exitUsage       = 2   // a flag, a file or a folder that will not do
	exitUnreached   = 3   // no 101 on the first connection
	exitLost        = 4   // the device went on the way and did not come back
	exitStale       = 5   // a known verdict is stale
	exitInterrupted = 130 // the report is still written
)

// exitError ends the command with a code, and a line on stderr if it has a
// message.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

// usagef is the error of somebody's slip: one line that says what to do.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// wants makes sure that a command has the arguments that it wants: one of
// them, or with "…" at the end of its name one or more.
func wants(what, such string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 || len(args) > 1 && strings.HasSuffix(what, "…") {
			return nil
		}
		return usagef("%s wants one %s, such as %s (see %s --help)", cmd.Name(), what, such, cmd.CommandPath())
	}
}

// atMost makes sure that a command has not more than n arguments.
func atMost(n int, what, such string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return usagef("%s wants one %s, such as %s, and %q is one more (see %s --help)", cmd.Name(), what, such, args[n], cmd.CommandPath())
	}
}

// explain returns the exit code of an error and the line to print, "" for none.
// What has no code comes from reading the command line.
func explain(err error) (code int, message string) {
	if err == nil {
		return exitOK, ""
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code, e.message
	}
	message, _, _ = strings.Cut(err.Error(), "\n")
	return exitUsage, message + " (see wsprobe --help)"
}
