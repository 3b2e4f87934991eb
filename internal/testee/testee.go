// Package testee runs the peers that tests play against and that are none of
// ours: the programs of testdata/testees, and packages of npm. It is for tests
// alone, of packages whose folders are as deep in the module as this one.
package testee

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Command returns the command that runs a program of testdata/testees, server or
// client, and that ends with the test. The program is kept in Go's cache and
// built only where it is not there.
func Command(tb testing.TB, program string, args ...string) *exec.Cmd {
	tb.Helper()
	find := exec.CommandContext(tb.Context(), "go", "tool", "-n", program)
	find.Dir = filepath.Join("..", "..", "testdata", "testees")
	find.Stderr = os.Stderr
	path, err := find.Output()
	if err != nil {
		tb.Fatalf("building the %s: %v", program, err)
	}
	return exec.CommandContext(tb.Context(), strings.TrimSpace(string(path)), args...)
}

// Start starts a command, which is ended with the test.
func Start(tb testing.TB, cmd *exec.Cmd) {
	tb.Helper()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// Serve is Start, of a command that serves, and returns the first line that it
// prints, its URL.
func Serve(tb testing.TB, cmd *exec.Cmd) (url string) {
	tb.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	Start(tb, cmd)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		tb.Fatalf("%v prints no URL: %v", cmd.Args, err)
	}
	return strings.TrimSpace(line)
}
