package fuzzing_test

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
)

// A list of known verdicts prints as a list that reads the same, and its
// patterns crash nothing.
func FuzzReadKnown(f *testing.F) {
	f.Add("# why\n6.3.*   FAILED\n6.4.* NON-STRICT # late\n\n7.1* FAILED BY CLIENT#\n")
	f.Add("* OK\r\n\\Q( WRONG CODE # #")
	cases := conformance.Catalogue()[:40]
	f.Fuzz(func(t *testing.T, text string) {
		known, err := conformance.ReadKnown(strings.NewReader(text))
		if err != nil {
			if message := err.Error(); len(message) > 500 || strings.ContainsAny(message, "\r\n") || !strings.HasPrefix(message, "line ") {
				t.Errorf("error %q", message)
			}
			return
		}
		var printed strings.Builder
		for i, line := range known {
			printed.WriteString(line.String() + "\n")
			known[i].N = i + 1
			if len(line.String()) > 4000 {
				return // printing adds blanks, and lines are bounded
			}
		}
		again, err := conformance.ReadKnown(strings.NewReader(printed.String()))
		if err != nil || !slices.Equal(again, known) {
			t.Errorf("comes back from\n%s\nas %v, error %v, was %v", printed.String(), again, err, known)
		}
		known.Unmatched(cases)
		known.Stale(nil)
	})
}
