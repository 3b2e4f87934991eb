package handshake_test

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
)

// Key and answer of RFC 6455 §1.3.
const (
	sampleKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// rows are the rows of the violations in their order.
func rows(violations []handshake.Violation) []string {
	var rows []string
	for _, v := range violations {
		rows = append(rows, v.Row)
	}
	return rows
}

func wantUsable(t *testing.T, violations []handshake.Violation, want string) {
	t.Helper()
	got := ""
	if err := handshake.Usable(violations); err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("usable: %q, want %q", got, want)
	}
}

// wantRest checks what a reader of heads has left.
func wantRest(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("left in the reader: %q, want %q", got, want)
	}
}

// wantClauses checks that each violation says where the requirement stands.
func wantClauses(t *testing.T, violations []handshake.Violation) {
	t.Helper()
	for _, v := range violations {
		if !strings.HasPrefix(v.Clause, "RFC ") && v.Clause != "errata 3150" {
			t.Errorf("clause of %s is %q", v.Row, v.Clause)
		}
	}
}
