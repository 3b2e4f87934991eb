package fuzzing

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/report"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// bringsDown runs the Python script of a finding, by itself, against the board
// that it was found with, and wants that to fall.
func bringsDown(t *testing.T, bug liar.Planted, f *conformance.Finding) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("no python3: the script is not run")
		return
	}
	file := filepath.Join(t.TempDir(), "finding.py")
	var text strings.Builder
	if err := report.Python(&text, *f); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(on.Addr().String())
	b := bug.Board()
	args := []string{file, host, port}
	if bug.Device == wire.Server {
		go b.Serve(ctx, on)
	} else {
		on.Close() // the script listens where we did
		args = []string{file, port}
		go connecting(ctx, b, on.Addr().String())
	}
	out, err := exec.CommandContext(ctx, python, args...).CombinedOutput()
	if b.Falls() == 0 {
		t.Errorf("the board did not fall: %v\n%s\n%s", err, out, text.String())
	}
	cancel()
	b.Reset()
}

// connecting is the loop of a board that is a client.
func connecting(ctx context.Context, b *liar.Board, address string) {
	for ctx.Err() == nil {
		if conn, err := net.Dial("tcp", address); err == nil && !b.Away() {
			b.Play(conn)
			conn.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
}
