package fuzzing

import (
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

const someKey = "AAAAAAAAAAAAAAAAAAAAAA=="

// wantJudged wants an encounter to break something of that kind, with these words in
// the detail, or nothing.
func wantJudged(t *testing.T, name string, e runner.Encounter, device wire.Role, kind, detail string) {
	t.Helper()
	breaches := Judge(e, device, conformance.Profile{})
	switch {
	case kind == "" && len(breaches) > 0:
		t.Errorf("%s: %v", name, breaches)
	case kind != "" && (len(breaches) != 1 || breaches[0].Kind.String() != kind || !strings.Contains(breaches[0].Detail, detail)):
		t.Errorf("%s: %v, want %s with %q", name, breaches, kind, detail)
	}
}

// A request may have content, but for one of which nobody can tell where it ends.
func TestJudgeRequestWithContent(t *testing.T) {
	for line, detail := range map[string]string{
		"Content-Length: 5":                    "",
		"Content-Length: 5, 5":                 "",
		"Transfer-Encoding:":                   "",
		"Content-Length: 99999999999999999999": "",
		"Transfer-Encoding: gzip, Chunked":     "",
		"Content-Length: -1":                   "Content-Length is no number (RFC 9112 §6.3)",
		"Content-Length: 5, 6":                 "Content-Length is no number (RFC 9112 §6.3)",
		"Transfer-Encoding: chunked, identity": "chunked is not the last of Transfer-Encoding (RFC 9112 §6.3)",
	} {
		request := handshake.NewRequest("h", "/", someKey).Edited(handshake.Edit{Op: handshake.Raw, Value: line})
		kind := ""
		if detail != "" {
			kind = "LENIENT"
		}
		wantJudged(t, line, runner.Encounter{Writes: [][]byte{request, []byte("hello")}}, wire.Server, kind, detail)
	}
}
