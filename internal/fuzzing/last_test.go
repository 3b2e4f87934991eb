package fuzzing

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"wsprobe/internal/wire"
)

// A fall is found whichever input is the last, and whether or not the time is
// over by then.
func TestLastInputIsLookedAfter(t *testing.T) {
	bug := planted(t, "falls over the top bit of a length", wire.Server)
	for _, over := range []bool{false, true} {
		t.Run(fmt.Sprint("the time is over: ", over), func(t *testing.T) {
			fell := 0
			for only := range 80 {
				synctest.Test(t, func(t *testing.T) {
					b := bug.Board()
					onBoard(t, b, wire.Server, 80, func(ctx context.Context, c *Campaign) {
						ctx, end := context.WithCancel(ctx)
						defer end()
						c.Done = func(n int) bool { return n != only }
						found := 0
						for p := range c.Run(ctx) {
							if over {
								end()
							}
							found += len(p.Findings)
						}
						if fell += b.Falls(); b.Falls() > 0 && found == 0 {
							t.Errorf("input %d felled the board, and nothing was found", only)
						}
					})
				})
			}
			if fell == 0 {
				t.Error("no board fell")
			}
		})
	}
}
