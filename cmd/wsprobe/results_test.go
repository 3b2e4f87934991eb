package main

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

// Results that nobody can see are no success; who left, as head does, saw enough.
func TestResultsLost(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
	left := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
	for _, c := range []struct {
		err  error
		args string
		code int
		said string
	}{
		{full, "list", exitUsage, "wsprobe: what was to be shown is lost: write /dev/stdout: no space left on device\n"},
		{left, "list", exitOK, ""},
		{errors.New("closed"), "show 5.4", exitUsage, "wsprobe: what was to be shown is lost: closed\n"},
	} {
		var said strings.Builder
		code := run(t.Context(), strings.Fields(c.args), env{Stdin: strings.NewReader(""), Stdout: io.Writer(failing{c.err}), Stderr: &said})
		if code != c.code || said.String() != c.said {
			t.Errorf("%s, %v: %d, %q", c.args, c.err, code, said.String())
		}
	}
}
