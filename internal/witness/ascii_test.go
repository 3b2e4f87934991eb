package witness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wsprobe/internal/witness"
)

// Long ASCII is passed over at once, and still the octet that is not UTF-8 is
// found where it is, whatever came with it in one read and whatever the key.
func TestBadTextAfterASCII(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, piece := range []int{1, 7, 33, 64, 1 << 10} {
		for place := range 140 {
			before := strings.Repeat("x", place)
			for bad, at := range map[string]int{"\xff": place, "\xc3": place + 1, "\xf4\x90": place + 1} {
				w := witness.New(witness.Options{})
				stop := events(w, witness.RuleBroken)
				c := newTalk(w, 64<<10)
				c.open(random)
				c.piece = piece
				c.device(masked(random, text, before+"ü"+before+"世"+before)) // all well
				c.device(masked(random, text, before+bad+strings.Repeat("y", 100)))
				want := fmt.Sprintf("text that is not UTF-8 from octet %d of the message", at)
				if all := stop(); len(all) != 1 || all[0].Violation.Detail != want {
					t.Fatalf("%q, %d octets at a time: %v, want %s", bad, piece, all, want)
				}
			}
		}
	}
}
