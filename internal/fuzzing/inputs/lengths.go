package inputs

import (
	"math"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// claims are lengths that a header may declare: the borders of its forms, of
// what integers of C hold, and what wraps once a header's octets are added.
var claims = manyClaims()

func manyClaims() (all []uint64) {
	for _, bits := range []int{63, 31, 32} {
		all = append(all, 1<<bits, 1<<bits-1, 1<<bits+1)
	}
	all = append(all, math.MaxUint64, 1<<32+5, 1<<16+5, 1<<62, 1<<40, 1<<24,
		1, 125, 126, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 65537)
	for less := range uint64(11) { // a header of 2 to 14 octets fills it up
		all = append(all, math.MaxUint64-4-less, math.MaxUint32-4-less)
	}
	return all
}

// spellings are lengths in forms that are not the shortest, or too short.
var spellings = []struct {
	octets int
	form   wire.LengthForm
}{
	{0, wire.Form16}, {1, wire.Form16}, {5, wire.Form16}, {125, wire.Form16},
	{0, wire.Form64}, {1, wire.Form64}, {5, wire.Form64}, {125, wire.Form64},
	{126, wire.Form64}, {127, wire.Form64}, {300, wire.Form64}, {65535, wire.Form64},
	{128, wire.Form7}, {130, wire.Form7}, {256, wire.Form7}, {65536, wire.Form16},
}

// truncations are sizes of which a device sees the first octets only that keeps
// so many bits of the length, or so many octets of a message.
var truncations = []struct{ first, size int }{
	{5, 128 + 5}, {5, 256 + 5}, {5, 1<<16 + 5}, {125, 126}, {126, 127}, {127, 128}, {127, 300}, {125, 300}, {126, 300},
	{0, 128}, {0, 256}, {0, 1 << 16}, {255, 256}, {256, 600}, {512, 1100}, {1024, 2100}, {1000, 1100}, {1460, 3000}, {4096, 5000}, {16384, 17000},
}

// sizes are sizes of lawful messages, in octets.
var sizes = []int{0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 257, 511, 512, 1023, 1024, 1025, 4096, 16384, 32767, 32768, 65534, 65535, 65536}

func lengthBoundaries(t Target) []maker {
	var headers, followed, fragments, lawful, spelled, short []maker
	for _, n := range claims {
		headers = append(headers, func(w *writer) Script { return unfinished(Send(Text("").Claiming(n))) })
		followed = append(followed, func(w *writer) Script { return w.follows(int(n&7), n) })
		fragments = append(fragments, func(w *writer) Script {
			return unfinished(Send(Binary(w.binary(20)).NoFin()), Send(Continuation("").Claiming(n).Spelled(wire.Form64)))
		})
	}
	for _, n := range sizes {
		lawful = append(lawful, func(w *writer) Script { return closed(w.echoed(Text(w.text(n)))...) },
			func(w *writer) Script { return closed(Send(Binary(w.binary(n)), Text(w.text(9)))) })
	}
	for _, s := range spellings {
		spelled = append(spelled, func(w *writer) Script {
			return closed(Send(Text(w.text(s.octets)).Spelled(s.form)), Send(Text(w.text(9))))
		})
	}
	for _, t := range truncations {
		short = append(short, func(w *writer) Script { return closed(Send(w.smuggled(t.first, t.size)), Send(Text(w.text(9)))) })
	}
	if t.Destructive {
		for _, n := range []int{1 << 20, 4 << 20, 16 << 20} {
			lawful = append(lawful, func(w *writer) Script { return closed(Send(Binary(w.binary(n)))) })
		}
	}
	return interleaved(headers, spelled, short, followed, lawful, controlLengths(), fragments, shortfalls())
}

// follows is a declared length after which only the first octets come, and then
// what is a frame to a device that keeps some bits of the length.
func (w *writer) follows(first int, n uint64) Script {
	if uint64(first)+14+12 >= n { // it would be a message, and a rest of no meaning
		return unfinished(Send(Text(w.text(int(n) / 2)).Claiming(n)))
	}
	return unfinished(Send(w.claimed(first, n)))
}

// controlLengths are control frames whose lengths none of them may have.
func controlLengths() (all []maker) {
	for _, op := range []wire.Opcode{wire.Ping, wire.Pong, wire.Close} {
		for _, n := range []int{125, 126, 127, 128, 256, 1000, 65535} {
			all = append(all, func(w *writer) Script { return closed(Send(framed(op, w.control(op, n)))) })
		}
		for _, form := range []wire.LengthForm{wire.Form16, wire.Form64} {
			all = append(all, func(w *writer) Script { return closed(Send(framed(op, w.control(op, 5)).Spelled(form))) })
		}
		for _, n := range []uint64{126, 1 << 31, 1<<32 + 5, 1 << 63, math.MaxUint64} {
			all = append(all, func(w *writer) Script { return unfinished(Send(framed(op, w.control(op, 5)).Claiming(n))) })
		}
	}
	return all
}

// control returns the payload of a control frame: that of a close has a status.
func (w *writer) control(op wire.Opcode, size int) Payload {
	if op == wire.Close && size >= 2 {
		return Literal("\x03\xe8" + w.text(size-2).Octets())
	}
	return w.text(size)
}

// shortfalls are messages that end before their declared length, and one that
// goes on after it.
func shortfalls() (all []maker) {
	for _, s := range []struct {
		octets   int
		declared uint64
	}{{0, 1}, {0, 126}, {10, 11}, {10, 125}, {10, 126}, {10, 1000}, {1000, 1001}, {1000, 65535}, {1000, 65536}, {10, 1 << 20}} {
		all = append(all, func(w *writer) Script { return unfinished(Send(Text(w.text(s.octets)).Claiming(s.declared))) },
			func(w *writer) Script {
				return unfinished(SendStep{Frames: []Frame{Text(w.text(s.octets)).Claiming(s.declared)}, Pace: Pace{Chop: max(16, s.octets/8), Every: time.Millisecond / 4}})
			})
	}
	return append(all,
		func(w *writer) Script {
			return closed(Send(zeroKeyed(Text("12345" + w.wholly(w.telltale())).Claiming(5))))
		},
		func(w *writer) Script { return unfinished(SendOctets(Repeated("\x80", 4000))) },
		func(w *writer) Script { return unfinished(SendOctets("\x00" + Repeated("\xff", 4000).Octets())) })
}

// claim draws a length to declare.
func (w *writer) claim() uint64 {
	switch w.IntN(4) {
	case 0:
		return w.Uint64() >> w.IntN(64)
	case 1:
		return uint64(one(w, borders...) + w.IntN(3) - 1)
	}
	n := one(w, claims...)
	if w.chance(4) {
		n += uint64(w.IntN(33)) - 16
	}
	return n
}

func drawLength(w *writer) Script {
	switch w.IntN(8) {
	case 0, 1:
		return unfinished(append(w.prelude(), Send(w.claimed(w.IntN(130), max(w.claim(), 1<<15))))...)
	case 2:
		return unfinished(append(w.prelude(), Send(w.frame().Claiming(max(w.claim(), 1<<16))))...)
	case 3:
		return closed(append(w.prelude(), Send(w.smuggled(one(w, borders...)+w.IntN(9), w.size())), Send(w.data(9)))...)
	case 4:
		return closed(append(w.prelude(), Send(w.data(w.size()).Spelled(one(w, wire.Form16, wire.Form64))), Send(w.data(9)))...)
	case 5:
		return unfinished(Send(w.data(9).NoFin()), Send(Continuation(w.text(w.IntN(30))).Claiming(max(w.claim(), 126))))
	case 6:
		size := w.IntN(200)
		return unfinished(append(w.prelude(), Send(w.data(size).Claiming(uint64(size+1+w.IntN(1000)))))...)
	}
	var steps []Step
	for range 1 + w.IntN(4) {
		steps = append(steps, w.echoed(w.message())...)
	}
	return closed(steps...)
}
