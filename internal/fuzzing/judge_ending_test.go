package fuzzing

import (
	"slices"
	"strings"
	"testing"
)

// A Close frame with the status of a failure fails the connection, though a Close
// frame of ours had the same status: that it is an echo nobody can know. With a
// status of another kind it is an answer to ours, as if nothing was wrong.
func TestJudgeFailsOrEchoes(t *testing.T) {
	for _, tt := range []struct{ script, says, kinds string }{
		{"send opcode12\nsend close 1002\nclose 1000", closeFrame(1002, "received unknown opcode opcode(12)"), ""},
		{"send opcode12\nsend close 1002\nclose 1000", closeFrame(1002, ""), ""},
		{"send opcode12\nsend close 1002 \"bye\"\nclose 1000", closeFrame(1002, "bye"), ""},
		{"send text \"\\xff\"\nsend close 1007\nclose 1000", closeFrame(1007, ""), ""},
		{"send close fin=0 1002\nsend close 1002\nclose 1000", closeFrame(1002, ""), ""},
		{"send close rsv=2 1002\nclose 1000", closeFrame(1002, "reserved bits"), ""},
		{"send opcode12\nclose 1000", closeFrame(1002, ""), ""},
		{"send opcode12\nclose 1000", closeFrame(1000, ""), "LENIENT"},
		{"send opcode12\nclose 1000", closeFrame(1000, "bye"), "LENIENT"},
		{"send close rsv=2 3000\nclose 1000", closeFrame(3000, ""), "LENIENT"},
	} {
		kinds, breaches := judged(t, tt.script, sayer{says: tt.says})
		if !slices.Equal(kinds, strings.Fields(tt.kinds)) {
			t.Errorf("%q, answered with %q: %v, want %s", tt.script, tt.says, breaches, tt.kinds)
		}
	}
}

// One that fails the connection has to end TCP too, and that is all that it is told.
func TestJudgeFailsAndStays(t *testing.T) {
	kinds, breaches := judged(t, "send opcode12\nsend close 1002\nclose 1000", sayer{closeFrame(1002, "opcode"), true})
	if !slices.Equal(kinds, []string{"HANG"}) || !strings.HasPrefix(breaches[0].Rule, "TCP is not ended") {
		t.Errorf("%v", breaches)
	}
}

// What is wrong with a frame, or a message, that never becomes complete a device may
// find out, and need not.
func TestJudgeNeedNotFailEarly(t *testing.T) {
	const pong = "\x8a\x01p"
	ended := closeFrame(1000, "")
	for _, tt := range []struct{ script, says, kinds string }{
		{"send text fin=0 \"\\xc0\"\nclose 1000", ended, ""},
		{"send text fin=0 \"\\xc0\"\nclose 1000", closeFrame(1007, ""), ""},
		{"send text fin=0 \"\\xc0\"\nclose 1000", "", ""},
		{"send text fin=0 \"\\xc0\"\nsend ping \"p\"\nclose 1000", pong + ended, ""},
		{"send text fin=0 \"\\xc0\"\nsend ping \"p\"\nclose 1000", closeFrame(1007, ""), ""},
		{"send text fin=0 \"\\xc0\"\nsend ping \"p\"\nsend continuation\nclose 1000", pong + closeFrame(1007, ""), ""},
		{"send text fin=0 \"\\xc0\"\nsend ping \"p\"\nsend continuation\nclose 1000", pong + ended, "LENIENT"},
		{"send text fin=0 \"\\xc0\"\nsend continuation\nsend ping \"p\"\nclose 1000", pong + closeFrame(1007, ""), "LENIENT"},
		{"send text fin=0 \"\\xc0\"\nsend text \"a\"\nclose 1000", ended, "LENIENT"},
		{"send text fin=0 \"\\xc0\", close 1000, ping \"p\"\nclose 1000", pong + ended, "LENIENT"},
		{"send text \"\\xc0\"\nclose 1000", ended, "LENIENT"},
		{"send upto=3 close fin=0\nclose 1000", "", ""},
		{"send upto=3 text rsv=1 \"a\"\nclose 1000", ended, ""},
		{"send upto=3 text rsv=1 \"a\"\nclose 1000", closeFrame(1002, ""), ""},
		{"send text \"a\"\nsend upto=3 ping fin=0\nclose 1000", closeFrame(1002, ""), ""},
	} {
		kinds, breaches := judged(t, tt.script, sayer{says: tt.says})
		if !slices.Equal(kinds, strings.Fields(tt.kinds)) {
			t.Errorf("%q, answered with %q: %v, want %s", tt.script, tt.says, breaches, tt.kinds)
		}
	}
}

// A device that does nothing about our end of TCP hangs over that, not over the part
// of a frame before it, of which it may wait for the rest.
func TestJudgeStaysWithinFrame(t *testing.T) {
	for script, hangs := range map[string]bool{
		"send upto=3 close fin=0\nclose 1000":            true,
		"send binary length=100 \"a\"\nhalf-close\ndrop": true,
		"send binary length=100 \"a\"\nclose 1000":       false,
	} {
		_, breaches := judged(t, script, sayer{stays: true})
		if (len(breaches) == 1 && breaches[0].Rule == "our end of TCP within a frame is not noticed") != hangs || len(breaches) > 1 {
			t.Errorf("%q: %v", script, breaches)
		}
	}
}

// Of a device that does nothing any more it is told what else it left open.
func TestJudgeNamesWhatIsOpen(t *testing.T) {
	for script, want := range map[string]string{
		"send text fin=0\nsend ping \"p\"\nclose 1000": "; nor was the ping \"p\" before it",
		"send text \"a\"\nclose 1000":                  "; nor was the text \"a\" before it",
		"close 1000":                                   "and TCP not ended",
	} {
		kinds, breaches := judged(t, script, sayer{stays: true})
		if !slices.Equal(kinds, []string{"HANG"}) || !strings.HasSuffix(breaches[0].Detail, want) {
			t.Errorf("%q: %v, want %s", script, breaches, want)
		}
	}
}
