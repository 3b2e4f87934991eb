package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func fragmentBoundaries(t Target) []maker {
	var headed, counted []maker
	for _, h := range headers(false) {
		if !h.Opcode.IsControl() {
			headed = append(headed, func(w *writer) Script { return w.headed(h) })
		}
	}
	for _, n := range []int{2, 3, 8, 16, 64, 100, 500} {
		counted = append(counted,
			func(w *writer) Script { return closed(SendFragmented(1, Text(w.text(n))), Send(Text(w.text(9)))) },
			func(w *writer) Script { return closed(w.hollow(n)...) },
			func(w *writer) Script { // the message has no end
				return closed(SendFragmented(1, Text(w.text(n)).NoFin()))
			},
			func(w *writer) Script { return closed(w.apartBy(n, Ping(""))...) })
	}
	if t.Destructive {
		for _, n := range []int{5000, 100000} {
			counted = append(counted, func(w *writer) Script { return closed(SendFragmented(1, Binary(w.binary(n)).NoFin())) },
				func(w *writer) Script { return closed(SendFragmented(1000, Binary(w.binary(100*n)).NoFin())) })
		}
	}
	return interleaved(order(), counted, headed, joints())
}

// hollow is a message whose n fragments between the first and the last are empty.
func (w *writer) hollow(n int) []Step {
	frames := append([]Frame{Text(w.text(9)).NoFin()}, w.times(n, func() Frame { return Continuation("").NoFin() })...)
	return []Step{Send(append(frames, Continuation(w.text(9)))...), Send(Text(w.text(9)))}
}

// apartBy is a message in n fragments with a frame between each two.
func (w *writer) apartBy(n int, between Frame) []Step {
	message := Text(w.text(n))
	var frames []Frame
	for i, last := 0, false; !last; i++ {
		var f Frame
		f, last = message.Fragment(i, 1)
		frames = append(frames, f, between)
	}
	return []Step{Send(frames...), Send(Text(w.text(9)))}
}

// order are frames in an order that is not lawful, or seldom seen.
func order() []maker {
	begin := func(w *writer) Frame { return Text(w.text(9)).NoFin() }
	more := func(w *writer) Frame { return Continuation(w.text(9)).NoFin() }
	end := func(w *writer) Frame { return Continuation(w.text(9)) }
	whole := func(w *writer) Frame { return Text(w.text(9)) }
	empty := func(*writer) Frame { return Continuation("") }
	hollow := func(*writer) Frame { return Binary("").NoFin() }
	ping := func(w *writer) Frame { return Ping(w.text(9)) }
	var all []maker
	for _, frames := range [][]func(*writer) Frame{
		{end}, {more}, {empty}, {end, end}, {more, end}, {whole, end}, {whole, empty}, {whole, more, end}, {ping, end},
		{begin, whole}, {begin, begin, end}, {begin, whole, end}, {begin, end, end}, {begin, end, more}, {begin, end, empty}, {begin, end, whole},
		{hollow, end}, {hollow, empty}, {hollow, more, empty}, {begin, empty}, {begin, more, empty}, {begin, hollow}, {hollow, hollow, empty},
		{begin, ping, end}, {begin, ping, ping, more, ping, end}, {begin, ping, whole}, {begin}, {begin, more}, {hollow},
	} {
		all = append(all, func(w *writer) Script {
			var steps []Step
			for _, frame := range frames {
				steps = append(steps, Send(frame(w)))
			}
			return closed(append(steps, Send(whole(w)))...)
		}, func(w *writer) Script {
			var together []Frame
			for _, frame := range frames {
				together = append(together, frame(w))
			}
			return closed(Send(append(together, whole(w))...))
		}, func(w *writer) Script {
			var steps []Step
			for _, frame := range frames {
				steps = append(steps, Send(frame(w)))
			}
			return append(steps, one(w, Drop(), Reset()))
		})
	}
	return all
}

// joints are messages whose fragments are as long as a device may have room for.
func joints() (all []maker) {
	for _, size := range borders {
		all = append(all, func(w *writer) Script {
			return closed(SendFragmented(size, Binary(w.binary(size+5))), Send(Text(w.text(9))))
		},
			func(w *writer) Script {
				return closed(SendFragmented(max(size/2, 1), Text(w.text(size+1))), Send(Text(w.text(9))))
			},
			func(w *writer) Script { // one that is not, after one that is empty, and the other way round
				return closed(Send(Binary("").NoFin(), Continuation(w.text(size)).NoFin(), Continuation("")), Send(Text(w.text(9))))
			})
	}
	return all
}

func drawFragments(w *writer) Script {
	frames := w.fragments(w.message(), 2+w.IntN(9))
	switch w.IntN(8) {
	case 0: // one is lost
		i := w.IntN(len(frames))
		frames = append(frames[:i], frames[i+1:]...)
	case 1: // one comes twice
		frames = append(frames, frames[w.IntN(len(frames))])
	case 2: // two change places
		i, j := w.IntN(len(frames)), w.IntN(len(frames))
		frames[i], frames[j] = frames[j], frames[i]
	case 3: // one is another message's
		frames[w.IntN(len(frames))] = w.frame()
	case 4: // the message has no end
		frames[len(frames)-1].NotFin = true
	case 5:
		frames[w.IntN(len(frames))].Bits = uint8(1 + w.IntN(7))
	default: // lawful, with control frames in between
		frames = w.amid(frames)
	}
	steps := w.prelude()
	if w.chance(2) || len(frames) == 0 {
		return closed(append(steps, Send(append(frames, w.data(9))...))...)
	}
	for _, f := range frames {
		steps = append(steps, Send(f))
	}
	if w.chance(8) && frames[len(frames)-1].NotFin {
		return append(steps, one(w, Drop(), Reset()))
	}
	return closed(append(steps, Send(w.data(9)))...)
}

// amid puts control frames between frames.
func (w *writer) amid(frames []Frame) (all []Frame) {
	for _, f := range frames {
		all = append(all, f)
		if w.chance(3) && f.Opcode != wire.Close {
			all = append(all, framed(one(w, wire.Ping, wire.Pong), w.text(w.IntN(30))))
		}
	}
	return all
}
