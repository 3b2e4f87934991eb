package inputs

import (
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// apart is a pause long enough for what is on both sides of it not to be read
// at once on most days. It costs its time: what is drawn has it seldom.
const apart = time.Millisecond

// inWrites sends frames in writes that end after these octets.
func inWrites(every time.Duration, frames []Frame, at ...int) Step {
	return SendStep{Frames: frames, Pace: Pace{Cut: at, Every: every}}
}

// splitSizes are payloads with headers of each form, in octets.
var splitSizes = []int{5, 0, 126, 300, 65536}

// headerOctets is how long the header of a frame of ours is, in octets.
func (w *writer) headerOctets(f Frame) int { return f.Header(w.role(), [4]byte{}).Size() }

func splitBoundaries(t Target) []maker {
	var paced, glued, never, chopped []maker
	masked := t.Device == wire.Server
	for _, size := range splitSizes {
		border := wire.Header{Length: uint64(size), Masked: masked}.Size()
		for at := 1; at <= border+min(size, 4); at++ {
			if size == 126 && at > 4 {
				break // as of 300
			}
			paced = append(paced, func(w *writer) Script { return closed(inWrites(apart, []Frame{Text(w.text(size))}, at)) })
			glued = append(glued, func(w *writer) Script { return closed(w.gluedAt(size, at)) })
			never = append(never, func(w *writer) Script { return unfinished(upto(at, Text(w.text(size)), Text(w.text(9)))) })
		}
	}
	for _, n := range []int{1, 2, 3, 5, 7, 13} {
		chopped = append(chopped,
			func(w *writer) Script {
				return closed(SendChopped(n, Text(w.text(40)), Ping(w.text(9)), Text(w.text(140))))
			},
			func(w *writer) Script {
				return closed(SendChopped(n, w.fragments(Text(w.text(60)), 4)...), Send(Text(w.text(9))))
			})
	}
	return interleaved(paced, glued, never, chopped, coalesced(t), controlSplits(masked))
}

// gluedAt sends two messages of which the second is cut: its beginning is in
// one write with the first.
func (w *writer) gluedAt(size, at int) Step {
	first, second := Text(w.text(9)), Text(w.text(size))
	return inWrites(0, []Frame{first, second, Text(w.text(9))}, w.headerOctets(first)+9+at)
}

// coalesced are many frames in one write, and frames together with the opening
// handshake, which only a server may send so.
func coalesced(t Target) (all []maker) {
	for _, n := range []int{2, 3, 10, 40} {
		all = append(all,
			func(w *writer) Script { return closed(Send(w.times(n, func() Frame { return Text(w.text(12)) })...)) },
			func(w *writer) Script {
				return closed(Send(append(w.times(n, func() Frame { return Ping(w.text(9)) }), Text(w.text(9)))...))
			},
			func(w *writer) Script {
				return closed(Send(append(w.times(n, func() Frame { return Text(w.text(9)) }), Close(1000))...))
			})
	}
	if t.Device == wire.Client {
		for _, n := range []int{0, 5, 125, 126, 1000, 2000} {
			all = append(all, func(w *writer) Script { return closed(Together(Text(w.text(n))), Send(Text(w.text(9)))) },
				func(w *writer) Script {
					return closed(Response(), Together(Text(w.text(n)), Ping(w.text(3)), Text(w.text(9))))
				})
		}
	}
	return all
}

// times returns n frames.
func (w *writer) times(n int, frame func() Frame) (frames []Frame) {
	for range n {
		frames = append(frames, frame())
	}
	return frames
}

// controlSplits are control frames that are cut, and cut off.
func controlSplits(masked bool) (all []maker) {
	for _, f := range []Frame{Ping("ping!"), Pong("pong!"), Close(1000, "bye")} {
		for at := 1; at < (wire.Header{Masked: masked}).Size()+5; at++ {
			all = append(all, func(*writer) Script { return closed(inWrites(apart, []Frame{f}, at)) },
				func(*writer) Script { return unfinished(upto(at, f)) })
		}
	}
	return all
}

// cuts draws where writes end, about the first octets of frames most often.
func (w *writer) cuts() (at []int) {
	for last := 0; len(at) < 12; {
		last += 1 + w.IntN(one(w, 2, 8, 30, 200))
		at = append(at, last)
		if w.chance(4) {
			break
		}
	}
	return at
}

// every draws a pause, most often none.
func (w *writer) every() time.Duration {
	if w.chance(50) {
		return apart
	}
	return 0
}

func drawSplit(w *writer) Script {
	frames := w.lawful()
	switch w.IntN(8) {
	case 0, 1, 2:
		return closed(append(w.prelude(), inWrites(w.every(), frames, w.cuts()...), Send(w.data(9)))...)
	case 3:
		return closed(append(w.prelude(), SendChopped(1+w.IntN(9), w.data(w.IntN(150)), w.data(9)))...)
	case 4, 5:
		last := w.data(one(w, 5, 130, 2000))
		return unfinished(append(w.prelude(), upto(1+w.IntN(w.headerOctets(last)+6), last))...)
	case 6:
		return closed(Send(append(frames, w.lawful()...)...), Send(w.lawful()...))
	}
	return closed(append(w.prelude(), SendChopped(one(w, 64, 512, 536, 997, 1460), w.data(w.IntN(w.most()+1))), Send(w.data(9)))...)
}
