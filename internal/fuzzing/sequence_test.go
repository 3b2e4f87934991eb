package fuzzing

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// A board that one input arms and another fells keeps what it was armed with until
// it falls, and here nobody can press its button: what was tried before must not be
// taken for what the next try does.
func TestSequenceIsFound(t *testing.T) {
	some := []string{"send text \"a\"\nclose 1000", "send ping \"b\", binary \"c\"\nclose 1000", "send text fin=0, ping, continuation \"d\"\nclose 1000"}
	special := map[int]string{21: "send text \"e\"\nsend opcode3 \"f\"\nclose 1000", 27: "send text \"g\", binary, text \"h\"\nclose 1000"}
	synctest.Test(t, func(t *testing.T) {
		b := liar.PlantedMemory().Board()
		onBoard(t, b, wire.Server, 40, func(ctx context.Context, c *Campaign) {
			c.Watch = &patientWatch{b: b}
			c.Input = func(n int) (conformance.Family, conformance.Script) {
				text := some[n%len(some)]
				if special[n] != "" {
					text = special[n]
				}
				script, err := conformance.ParseScript(text)
				if err != nil {
					t.Error(err)
				}
				return conformance.FamilyMixed, script
			}
			found := downs(c.Run(ctx))
			if len(found) != 1 {
				t.Errorf("%d falls were found", len(found))
			}
			for _, f := range found {
				var before string
				for _, s := range f.Before {
					before += s.String()
				}
				if f.Times != tries || before != "send opcode3\nclose 1000\n" || f.Script.String() != "send binary\nclose 1000\n" {
					t.Errorf("input %d, %d of %d, first\n%sthen\n%v", f.N, f.Times, f.Tries, before, f.Script)
				}
			}
		})
	})
}

// A board that loses a little each time falls long after what took most of it.
func TestLeakIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("plays many connections")
	}
	for _, bug := range liar.PlantedLeaks() {
		t.Run(bug.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := bug.Board()
				onBoard(t, b, wire.Server, 700, func(ctx context.Context, c *Campaign) {
					found := downs(c.Run(ctx))
					if len(found) == 0 {
						t.Error("no fall was found")
					}
					for _, f := range found {
						if f.Times != tries {
							t.Errorf("input %d, %d of %d, %d before\n%v", f.N, f.Times, f.Tries, len(f.Before), f.Script)
						}
					}
				})
			})
		})
	}
}

// patientWatch is over a board that has no button, and comes back by itself.
type patientWatch struct {
	wellWatch
	b *liar.Board
}

func (w *patientWatch) Health(context.Context) conformance.Health {
	health := conformance.Alive
	for w.b.Away() {
		health = conformance.Rebooted
		time.Sleep(20 * time.Millisecond)
	}
	return health
}
