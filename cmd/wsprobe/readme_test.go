package main

import (
	"os"
	"strings"
	"testing"
)

// Every wsprobe command on a page is one that wsprobe understands.
func TestCommandsOfPages(t *testing.T) {
	n := 0
	for _, page := range []string{"../../README.md", "../../docs/profiles.md", "../../docs/fuzzing.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			words, ok := strings.CutPrefix(strings.Replace(line, "go run ./cmd/wsprobe", "wsprobe", 1), "wsprobe ")
			if !ok {
				continue
			}
			n++
			cmd, args, err := newRootCmd(env{}).Find(strings.Fields(strings.ReplaceAll(words, "'", "")))
			if err != nil {
				t.Errorf("%s: %s%v", page, line, err)
				continue
			}
			if err := cmd.ParseFlags(args); err != nil {
				t.Errorf("%s: %s%v", page, line, err)
			}
			if err := cmd.Args; err != nil && cmd.ValidateArgs(cmd.Flags().Args()) != nil {
				t.Errorf("%s: %s%v", page, line, cmd.ValidateArgs(cmd.Flags().Args()))
			}
		}
	}
	if n < 15 {
		t.Errorf("%d commands found", n)
	}
}
