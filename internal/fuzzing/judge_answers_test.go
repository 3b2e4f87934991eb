package fuzzing

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/wire"
)

// frame is a frame of a server's.
func frame(op wire.Opcode, payload string) string {
	return string(wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}.Append(nil)) + payload
}

// A lawful message comes back as it was sent, or not at all, whatever comes behind it.
// Of what comes behind a fault any answer is one too many.
func TestJudgeAnswersBeforeFault(t *testing.T) {
	const script = "send text \"hello\"\nsend text \"\\xc9\"\nclose 1000"
	failed := closeFrame(1007, "")
	for _, tt := range []struct{ script, says, kinds string }{
		{script, frame(wire.Text, "hello") + failed, ""},
		{script, failed, ""},
		{script, frame(wire.Text, "hallo") + failed, "DESYNC"},
		{script, frame(wire.Binary, "hello") + failed, "DESYNC"},
		{script, frame(wire.Text, "hell") + failed, "DESYNC"},
		{"send text \"a\"\nsend text \"\\xc9\"\nclose 1000", frame(wire.Text, "b") + failed, "DESYNC"},
		{"send text \"a\"*65536\nsend text \"\\xc9\"\nclose 1000", frame(wire.Text, strings.Repeat("a", 65535)+"b") + failed, "DESYNC"},
		{script, frame(wire.Text, "hello") + frame(wire.Text, "\ufffd") + failed, "LENIENT"},
		{"send text \"hello\"\nsend text rsv=1 \"abc\"\nsend text \"def\"\nclose 1000", frame(wire.Text, "hello") + frame(wire.Text, "abcdef") + failed, "LENIENT"},
	} {
		kinds, breaches := judged(t, tt.script, sayer{says: tt.says})
		if !slices.Equal(kinds, strings.Fields(tt.kinds)) {
			t.Errorf("%.60q, answered with %.60q: %v, want %s", tt.script, tt.says, breaches, tt.kinds)
		}
	}
}
