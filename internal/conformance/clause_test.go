package conformance_test

import (
	"testing"

	. "wsprobe/internal/conformance"
)

func TestClauseLink(t *testing.T) {
	for clause, want := range map[string]string{
		"RFC 6455":              "https://www.rfc-editor.org/rfc/rfc6455",
		"RFC 6455 §5.1":         "https://www.rfc-editor.org/rfc/rfc6455#section-5.1",
		"RFC 7692 §7.1.2.2":     "https://www.rfc-editor.org/rfc/rfc7692#section-7.1.2.2",
		"RFC 6455 §4.2.1(5)":    "",
		"RFC 6455 §":            "",
		"RFC 123456":            "",
		"RFC 6455 §5.1\n":       "",
		"see RFC 6455 §5.1":     "",
		`RFC 6455 §5"><script>`: "",
		"tool oracle":           "",
		"":                      "",
	} {
		if got := ClauseLink(clause); got != want {
			t.Errorf("%q is at %q, want %q", clause, got, want)
		}
	}
}
