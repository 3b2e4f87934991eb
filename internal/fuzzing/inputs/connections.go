package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// leavings are connections of which the device has to give up its part.
func leavings(t Target) (all []maker) {
	step := requestStep
	most := requestOctets
	if t.Device == wire.Client {
		step, most = responseStep, responseOctets
	}
	for _, end := range []Ending{Drop(), Reset()} {
		for _, at := range []int{1, 2, 16, 60, most - 40} {
			all = append(all, func(*writer) Script { return Script{step(Pace{Upto: at}), end} })
		}
		all = append(all, partingsWith(end)...)
	}
	return all
}

// partingsWith are connections that end so in the midst of something.
func partingsWith(end Ending) []maker {
	return []maker{
		func(w *writer) Script { return Script{upto(1, Text(w.text(200))), end} },
		func(w *writer) Script { return Script{upto(3, Text(w.text(200))), end} },
		func(w *writer) Script { return Script{upto(100, Text(w.text(2000))), end} },
		func(w *writer) Script { return Script{Send(Text(w.text(9)).Claiming(1 << 31)), end} },
		func(w *writer) Script {
			return Script{Send(w.times(50, func() Frame { return Text(w.text(100)) })...), end}
		},
		func(w *writer) Script { return Script{Send(Text(w.text(min(20000, w.most())))), end} },
		func(w *writer) Script { return Script{Send(Close(1000)), end} },
	}
}

func connectBoundaries(t Target) []maker {
	all := leavings(t)
	if t.Device == wire.Client {
		return all // it opens its connections itself
	}
	numbers := []int{1, 2, 3, 4}
	if t.Destructive {
		numbers = append(numbers, 5, 7, 8, 9, 16, 64)
	}
	for _, n := range numbers {
		all = append(all,
			func(w *writer) Script { return closed(Beside(n, closed(Send(Text(w.text(9))))), Send(Text(w.text(9)))) },
			func(w *writer) Script { return closed(Beside(n, Script{Drop()}), Send(Text(w.text(9)))) },
			func(w *writer) Script { return closed(Beside(n, Script{Reset()}), Send(Text(w.text(9)))) },
			func(w *writer) Script {
				return closed(Send(Text(w.text(9)).NoFin()), Beside(n, closed(Send(Continuation(w.text(9))))), Send(Continuation(w.text(9))))
			},
			func(w *writer) Script { // one connection waits for the rest of a frame
				half := Text(w.text(20))
				return closed(Send(half.Part(0, 9)), Beside(n, closed(w.echoed(Text(w.text(9)))...)), Send(half.Part(9, 20)))
			},
			func(w *writer) Script {
				return closed(Beside(n, Script{requestStep(Pace{Upto: 20}), Drop()}), Send(Text(w.text(9))))
			},
			func(w *writer) Script {
				return closed(Beside(n, unfinished(Send(w.claimed(5, 1<<32+5)))), Send(Text(w.text(9))))
			})
	}
	return all
}

func drawConnect(w *writer) Script {
	target := w.source.target
	if target.Device == wire.Client || w.chance(2) {
		return one(w, leavings(target)...)(w)
	}
	beside := one(w, drawLength, drawSplit, drawFragments, drawControl, drawClose)(w)
	if IsOpening(beside[0]) || w.nests(beside) {
		beside = closed(w.echoed(w.data(9))...)
	}
	steps := append(w.prelude(), Send(w.data(9).NoFin()), Beside(1+w.IntN(2), beside), Send(Continuation(w.text(9))))
	return closed(append(steps, Send(w.data(9)))...)
}

// nests reports whether a script has others beside it.
func (w *writer) nests(s Script) bool {
	for _, step := range s {
		if _, ok := step.(BesideStep); ok {
			return true
		}
	}
	return false
}
