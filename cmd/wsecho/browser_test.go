package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestBrowser plays the tests of testdata/browser, a module of its own for what
// drives a browser.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	folder := filepath.Join("..", "..", "testdata", "browser")
	for _, pattern := range []string{"*.go", "go.*"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files { // or go test would not see that they are others
			if _, err := os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	program := filepath.Join(t.TempDir(), "wsecho")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command("go", "test", "-C", folder, "-count=1", "-v", "-timeout=5m", ".")
	cmd.Env = append(os.Environ(), "WSECHO="+program)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if why := regexp.MustCompile(`(?m)^\s+\w+_test\.go:\d+: (no .*)$`).FindSubmatch(out); why != nil {
		t.Skipf("%s", why[1])
	}
	t.Logf("%s", out)
}
