package fuzzing

import (
	"context"
	"slices"
	"testing"

	"wsprobe/internal/conformance"
)

// What breaks over a length alone is a plain text of that length, whatever frame it
// was found by: so findings of one fault are told to be the same.
func TestMinimizeMakesPlainFrames(t *testing.T) {
	for _, text := range []string{
		"send close 1000 \"xyz\"*42\nclose 1000", "send ping rsv=2 \"xyzw\"*32\ndrop", "send text\nsend binary fin=0 key=01020304 \"xyz\"*43\nclose 1000",
	} {
		script, err := conformance.ParseScript(text)
		if err != nil {
			t.Fatal(err)
		}
		got := Minimize(t.Context(), script, func(_ context.Context, s conformance.Script) bool {
			for _, step := range s {
				if send, ok := step.(conformance.SendStep); ok && send.Frames[0].Payload.Len() >= 126 {
					return true
				}
			}
			return false
		})
		if want := "send text \"a\"*126\nclose 1000\n"; got.String() != want {
			t.Errorf("%s became\n%v, want\n%v", text, got, want)
		}
	}
}

// What breaks over frames alone is one script, however they were written; what breaks
// over their writes keeps these.
func TestMinimizeJoinsWrites(t *testing.T) {
	for _, tt := range []struct {
		script, want string
		steps        int // without which it does not fail
	}{
		{"send text fin=0\nsend ping\nsend continuation\nclose 1000", "send text fin=0, ping, continuation\nclose 1000\n", 0},
		{"send text fin=0, ping\nsend continuation\nclose 1000", "send text fin=0, ping, continuation\nclose 1000\n", 0},
		{"send cut=1 every=1ms text fin=0 \"a\", ping\nsend continuation \"b\"\nclose 1000", "send text fin=0, ping, continuation\nclose 1000\n", 0},
		{"send text fin=0\nsend ping\nsend continuation\nclose 1000", "send text fin=0\nsend ping\nsend continuation\nclose 1000\n", 4},
	} {
		script, err := conformance.ParseScript(tt.script)
		if err != nil {
			t.Fatal(err)
		}
		got := Minimize(t.Context(), script, func(_ context.Context, s conformance.Script) bool {
			return len(s) >= tt.steps && opcodes(s) == "text ping continuation "
		})
		if got.String() != tt.want {
			t.Errorf("%s became\n%v, want\n%v", tt.script, got, tt.want)
		}
	}
}

// Of the places where writes end only those stay over which it breaks.
func TestMinimizeLeavesOutCuts(t *testing.T) {
	script, err := conformance.ParseScript("send cut=1,28,153,154 every=1ms text \"a\"\nclose 1000")
	if err != nil {
		t.Fatal(err)
	}
	got := Minimize(t.Context(), script, func(_ context.Context, s conformance.Script) bool {
		send, ok := s[0].(conformance.SendStep)
		return ok && slices.Contains(send.Cut, 28)
	})
	if want := "send cut=28 text\nclose 1000\n"; got.String() != want {
		t.Errorf("became\n%v, want\n%v", got, want)
	}
}

// opcodes are those of the frames that a script sends, the first not final.
func opcodes(s conformance.Script) (all string) {
	for _, step := range s {
		if send, ok := step.(conformance.SendStep); ok {
			for i, f := range send.Frames {
				if all == "" && i == 0 && !f.NotFin {
					return ""
				}
				all += f.Opcode.String() + " "
			}
		}
	}
	return all
}
