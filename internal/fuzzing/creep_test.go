package fuzzing

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// A device that tells its memory now and then tells of an input some time after
// that: what leaks is found all the same.
func TestLeakIsFoundByLateReadings(t *testing.T) {
	bug := planted(t, "never frees fragments", wire.Server)
	synctest.Test(t, func(t *testing.T) {
		b := bug.Board()
		onBoard(t, b, wire.Server, 2000, func(ctx context.Context, c *Campaign) {
			c.Watch = &lateWatch{boardWatch: boardWatch{c, b}}
			board := c.Peer.(*runner.Dialer)
			dial := board.Dial
			board.Dial = func(ctx context.Context) (net.Conn, error) {
				time.Sleep(10 * time.Millisecond) // it takes its time
				return dial(ctx)
			}
			for p, err := range c.Run(ctx) {
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range p.Findings {
					if f.Kind != conformance.KindSlow {
						continue
					}
					if f.Times < tries || frames(f.Script) > 2 {
						t.Errorf("%d of %d: %s\n%v", f.Times, f.Tries, f.Detail, f.Script)
					}
					return
				}
			}
			t.Error("nothing creeps")
		})
	})
}

// lateWatch reads the memory four times a second.
type lateWatch struct {
	boardWatch
	read time.Time
	heap float64
}

func (w *lateWatch) Heap() (float64, bool) {
	if time.Since(w.read) > 250*time.Millisecond {
		w.read = time.Now()
		w.heap, _ = w.boardWatch.Heap()
	}
	return w.heap, true
}
