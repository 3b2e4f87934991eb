package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"wsprobe/internal/simulated"
)

// A campaign that is killed in the middle goes on where it was: no finding is
// lost, and no input comes again but one that was in flight.
func TestKilledCampaignGoesOn(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go simulated.Serve(t.Context(), on, "arduino-esp8266")
	out := t.TempDir()
	const enough, all = 150, 400
	args := []string{"fuzz", on.Addr().String(), "--profile", "arduino-esp8266", "--seed", "1", "--family", "len,frag,mask",
		"--parallel", "2", "--iterations", fmt.Sprint(all), "--out", out}

	killed := wsprobe(t, args...)
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(out, journalFile)
	wait(t, "inputs in the journal", func() bool { return records(journal) >= enough })
	killed.Process.Kill()
	killed.Wait()
	before := records(journal)
	if before >= all {
		t.Fatalf("%d inputs were done before it was killed", before)
	}
	kept := names(t, out)
	if len(kept) == 0 {
		t.Fatal("no finding came home in time")
	}

	var stderr bytes.Buffer
	resumed := wsprobe(t, append(args, "--resume")...)
	resumed.Stderr = &stderr
	resumed.Run() // the exit code tells of findings
	if code := resumed.ProcessState.ExitCode(); code != exitFailed && code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr.String())
	}
	if want := fmt.Sprintf("going on after %d inputs with %d findings", before, len(kept)); !bytes.Contains(stderr.Bytes(), []byte(want)) {
		t.Errorf("no %q in\n%s", want, stderr.String())
	}
	after := names(t, out)
	for name := range kept {
		if !after[name] {
			t.Errorf("finding %s is lost", name)
		}
		if _, err := os.Stat(filepath.Join(out, findingsDir, name+".case")); err != nil {
			t.Errorf("finding %s: %v", name, err)
		}
	}
	if got := records(journal); got != all {
		t.Errorf("%d inputs were noted in all, want each of %d once", got, all)
	}
}

// wsprobe returns how to run this program as a process of its own.
func wsprobe(t *testing.T, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"wsprobe"}, args...)
	return cmd
}

// records counts what is in a journal.
func records(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return (len(text) - bytes.IndexByte(text, '\n') - 1) / 8
}

// names returns the findings that a campaign has kept.
func names(t *testing.T, out string) map[string]bool {
	t.Helper()
	run, err := readRun(filepath.Join(out, runFile))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, r := range findingsOf(run) {
		all[r.Finding.Name()] = true
	}
	return all
}

// wait waits for something that comes in time.
func wait(t *testing.T, what string, there func() bool) {
	t.Helper()
	for began := time.Now(); !there(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("no %s within a minute", what)
		}
	}
}
