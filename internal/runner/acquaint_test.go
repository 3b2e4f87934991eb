package runner

import (
	"testing"
	"testing/synctest"
)

// What a device sends instead of an answer is told at the first connection.
func TestAcquaintInstead(t *testing.T) {
	for octets, want := range map[string]string{
		"":                 "",
		"\x81\x01x":        "",
		"\x81\x02x":        "part of a frame: text of 2 octets",
		"\x80\x00":         "a continuation frame with nothing to continue (RFC 6455 §5.4)",
		"\x88\x02\x03\xf2": "close 1010",
	} {
		synctest.Test(t, func(t *testing.T) {
			a, err := Acquaint(t.Context(), pipePeer(saying(octets)), Options{}, "hi")
			if err != nil {
				t.Fatal(err)
			}
			if a.Instead != want {
				t.Errorf("%q: got %q, want %q", octets, a.Instead, want)
			}
		})
	}
}
