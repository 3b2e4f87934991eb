package conformance_test

import (
	"testing"
	"time"

	. "wsprobe/internal/conformance"
)

func TestTranscriptString(t *testing.T) {
	transcript := Transcript{
		{At: 0, Dir: Sent, Text: `text fin=0 "fragment1"`},
		{At: 11400 * time.Microsecond, Dir: Received, Text: "close 1000"},
		{At: 100 * time.Second, Dir: Noted, Text: "the end of TCP"},
	}
	const want = " 0.000 → text fin=0 \"fragment1\"\n 0.011 ← close 1000\n100.000 · the end of TCP\n"
	if got := transcript.String(); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}
