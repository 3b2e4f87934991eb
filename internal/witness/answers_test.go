package witness_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// What a device owes an answer to. It is named once none can be under way.
func TestAnswersDue(t *testing.T) {
	type step = func(*talk, *rand.Rand)
	says := func(h wire.Header, payload string) step {
		return func(c *talk, r *rand.Rand) { c.device(masked(r, h, payload)) }
	}
	hears := func(h wire.Header, payload string) step {
		return func(c *talk, _ *rand.Rand) { c.answer(plain(h, payload)) }
	}
	leaves := func(c *talk, _ *rand.Rand) {
		c.socket.said, c.socket.gone = nil, true
		_, _ = c.server.Read(make([]byte, 1))
	}
	waits := func(*talk, *rand.Rand) { time.Sleep(time.Second) }
	pong := wire.Header{Fin: true, Opcode: wire.Pong}
	bye := says(closing, "\x03\xe8")
	for _, c := range []struct {
		does  string
		steps []step
		want  string
	}{
		{"pongs", []step{hears(ping, "1"), says(pong, "1"), waits, bye}, ""},
		{"pongs the last of two", []step{hears(ping, "1"), hears(ping, "2"), waits, says(pong, "2"), bye}, ""},
		{"is behind with its pongs", []step{hears(ping, "1"), waits, hears(ping, "2"), says(pong, "1"), bye}, ""},
		{"pongs unasked", []step{says(pong, "x"), waits, hears(ping, "1"), says(pong, "1"), waits, bye}, ""},
		{"closes while a ping is under way", []step{hears(ping, "1"), bye}, ""},
		{"leaves without a word", []step{hears(ping, "1"), waits, leaves}, ""},
		{"never pongs", []step{hears(ping, "1"), waits, says(text, "hi"), bye}, "CTL-04"},
		{"never pongs the many", []step{hears(ping, "1"), waits, hears(ping, "2"), bye}, "CTL-04"},
		{"pongs once", []step{hears(ping, "1"), says(pong, "1"), hears(ping, "2"), waits, bye}, "CTL-04"},
		{"pongs something else", []step{hears(ping, "1"), says(pong, ""), waits, bye}, "CTL-05"},
		{"answers the close", []step{hears(closing, "\x03\xe8"), waits, bye, leaves}, ""},
		{"leaves as the close comes", []step{hears(closing, "\x03\xe8"), leaves}, ""},
		{"is cut within a frame", []step{hears(closing, "\x03\xe8"), waits, func(c *talk, r *rand.Rand) { c.device(masked(r, text, "hi")[:7]) }, leaves}, ""},
		{"never answers the close", []step{hears(closing, "\x03\xe8"), says(text, "hi"), waits, leaves}, "CLS-01"},
	} {
		t.Run(c.does, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := witness.New(witness.Options{})
				random := rand.New(rand.NewPCG(1, 2))
				talk := newTalk(w, 3)
				talk.open(random)
				for _, step := range c.steps {
					step(talk, random)
				}
				_ = talk.server.Close()
				if got := rowsOf(w); got != c.want {
					t.Errorf("%q named, want %q", got, c.want)
				}
			})
		})
	}
}
