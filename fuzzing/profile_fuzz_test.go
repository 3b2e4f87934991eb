package fuzzing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/profile"
)

// FuzzProfile wants a profile or one line of reasons, from any octets, and a
// profile that rules no case on framing and fragmentation out.
func FuzzProfile(f *testing.F) {
	files, err := filepath.Glob("../internal/profile/builtin/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no built-in profiles: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("name: \"x\"\nauth: Basic\nsubprotocol: a\npaths: [/, /ws]\norigins: [null]\nmaxFragments: 8\nsettle: 1s\n")
	f.Add("a: &a [*a, *a]\n<<: *a\n? !!str x\n: |-\n  y\n")
	f.Fuzz(func(t *testing.T, text string) {
		hang := time.AfterFunc(time.Minute, func() { panic("no end") }) // which keeps the input
		defer hang.Stop()
		p, err := profile.Read(strings.NewReader(text))
		if err != nil {
			if line := err.Error(); line == "" || strings.ContainsAny(line, "\r\n\x1b") || len(line) > 1000 {
				t.Errorf("not one line: %q", line)
			}
			return
		}
		if small := p.MaxMessage; small < 0 || 0 < small && small < conformance.MinMessage {
			t.Errorf("maxMessage %d", small)
		}
		if strings.ContainsAny(p.Path+p.Subprotocol+p.Auth+strings.Join(p.Origins, ""), "\r\n\x00") {
			t.Errorf("%+v would break the request", p)
		}
		if strings.Count(p.Template, "%s") != 1 && p.Reply == conformance.AnswerTemplate {
			t.Errorf("template %q", p.Template)
		}
	})
}
