package runner

import (
	"strings"
	"testing"

	"wsprobe/internal/conformance"
)

func TestFilled(t *testing.T) {
	w := words{"target": "/ws?a=b", "key": "k"}
	for text, want := range map[string]string{
		"GET {target} HTTP/1.0": "GET /ws?a=b HTTP/1.0",
		"{key}{key}":            "kk",
		"{x*3}":                 "xxx",
		"a{ *2}b":               "a  b",
		"{ab*2}":                "abab",
		"{**3}":                 "***",
		"{none}":                "{none}",
		"{x*}":                  "{x*}",
		"{*3}":                  "{*3}",
		"{x*99999999}":          "{x*99999999}",
		"{x*-1}":                "{x*-1}",
		"{":                     "{",
		"{}":                    "{}",
	} {
		got := w.filled([]conformance.Edit{conformance.StartLine(text)})[0].Value.Octets()
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// What is nearly the right answer is not it.
func TestAcceptWords(t *testing.T) {
	for _, key := range []string{"dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==", "+/+/+/+/+/+/+/+/+/+/+w=="} {
		w := acceptWords(key)
		for _, name := range []string{"accept swapped", "accept flipped", "accept cut"} {
			if w[name] == w["accept"] || w[name] == "" {
				t.Errorf("%s of %s is %q", name, key, w[name])
			}
		}
		if !strings.EqualFold(w["accept swapped"], w["accept"]) || len(w["accept flipped"]) != len(w["accept"]) {
			t.Errorf("%v", w)
		}
	}
}
