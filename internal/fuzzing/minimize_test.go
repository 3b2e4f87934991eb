package fuzzing

import (
	"context"
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
