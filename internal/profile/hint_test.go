package profile_test

import (
	"strings"
	"testing"

	"wsprobe/internal/profile"
)

func TestHint(t *testing.T) {
	const hi = "Hi!"
	for name, tt := range map[string]struct {
		said    []string
		instead string
		want    []string // parts of the line; none: no line
	}{
		"echo":             {[]string{hi}, "", nil},
		"greeting":         {[]string{"Welcome, stranger", hi}, "", []string{`"Welcome, stranger"`, `greeting: "Welcome, stranger"`}},
		"known template":   {[]string{"Reply for " + hi}, "", []string{`"Reply for Hi!"`, "--profile microwebsrv"}},
		"unknown template": {[]string{"<" + hi + ">"}, "", []string{`template: "<%s>"`}},
		"silence":          {nil, "", []string{"did not answer", "reply: none"}},
		"no message":       {nil, "the end of TCP", []string{"did not answer", `"Hi!"; got the end of TCP`}},
		"something else":   {[]string{"\x1b[2J"}, "", []string{`"\x1b[2J"`, "reply: none"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := profile.Hint(hi, tt.said, tt.instead)
			if (got == "") != (tt.want == nil) || strings.Contains(got, "\n") {
				t.Errorf("got %q", got)
			}
			for _, part := range tt.want {
				if !strings.Contains(got, part) {
					t.Errorf("got %q, without %q", got, part)
				}
			}
		})
	}
	if got := profile.Hint("", nil, ""); got != "" {
		t.Errorf("nothing was asked, got %q", got)
	}
}
