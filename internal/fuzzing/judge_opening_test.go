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

// clientSays is what came of a response and a text, of a client that says these frames.
func clientSays(response string, heard ...runner.Heard) runner.Encounter {
	text := wire.Header{Fin: true, Opcode: wire.Text, Length: 5}.Append(nil)
	return runner.Encounter{Request: handshake.NewRequest("h", "/", someKey), Writes: [][]byte{[]byte(response), append(text, "hello"...), []byte(closeFrame(1000, ""))},
		Heard: heard, End: "the end of TCP"}
}

const (
	interim   = "HTTP/1.1 100 Continue\r\n\r\n"
	switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
)

// A client may find a field behind whose name there is a blank, or not.
func TestJudgeBlankBeforeColon(t *testing.T) {
	good := switching + handshake.Accept(someKey) + "\r\n\r\n"
	echoed := []runner.Heard{{Header: wire.Header{Fin: true, Masked: true, Opcode: wire.Text, Length: 5}, Payload: []byte("hello"), Message: []byte("hello"), Opcode: wire.Text},
		{Header: wire.Header{Fin: true, Masked: true, Opcode: wire.Close, Length: 2}, Payload: []byte("\x03\xe8")}}
	for name, response := range map[string]string{
		"as it should be": good, "Upgrade": strings.Replace(good, "Upgrade:", "Upgrade :", 1), "Accept": strings.Replace(good, "Accept:", "Accept \t:", 1),
	} {
		wantJudged(t, name, clientSays(response, echoed...), wire.Client, "", "")
	}
	spaced := clientSays(strings.Replace(good, "Upgrade:", "Upgrade :", 1))
	wantJudged(t, "and leaves", spaced, wire.Client, "", "")
	none := clientSays(strings.Replace(good, "Upgrade:", "Upgrade-:", 1), echoed...)
	wantJudged(t, "no Upgrade", none, wire.Client, "LENIENT", "no Upgrade field (RFC 6455 §4.1)")

	request := string(handshake.NewRequest("h", "/", someKey).Append(nil))
	request = strings.Replace(request, "Upgrade:", "Upgrade :", 1)
	wantJudged(t, "a server", runner.Encounter{Writes: [][]byte{[]byte(request)}}, wire.Server, "LENIENT", "a blank before its colon (RFC 9112 §5.1)")
}

// A client that leaves over an interim response is told so.
func TestJudgeInterimResponse(t *testing.T) {
	e := clientSays(interim + switching + handshake.Accept(someKey) + "\r\n\r\n")
	breaches := Judge(e, wire.Client, conformance.Profile{})
	if len(breaches) == 0 {
		t.Error("nothing")
	}
	for _, b := range breaches {
		if !strings.Contains(b.Rule, "after an interim response") || !strings.Contains(b.Detail, "status 100") {
			t.Errorf("%v", b)
		}
	}
}
