package inputs

import (
	"strings"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// codes are the borders of what a status may be.
var codes = borderCodes()

func borderCodes() (all []wire.StatusCode) {
	all = append(all, 0, 1, 999)
	for code := wire.StatusCode(1000); code <= 1016; code++ {
		all = append(all, code)
	}
	return append(all, 1100, 1999, 2000, 2999, 3000, 3999, 4000, 4999, 5000, 32767, 32768, 65535)
}

// reasons are reasons that no Close frame may have, or the longest.
var reasons = []string{
	strings.Repeat("r", 123), strings.Repeat("r", 124), strings.Repeat("r", 200), strings.Repeat("\u00e9", 61), strings.Repeat("\u00e9", 62),
	"\xff", "\xc0\x80", "\xed\xa0\x80", "bye \xf4\x90\x80\x80", "cut \xe2\x82", "\x00", "%s%s%n", strings.Repeat("r", 122) + "\xc3",
}

func closeBoundaries(Target) []maker {
	var status, bodies, after, crossed []maker
	send := func(frames ...Frame) maker { return func(*writer) Script { return closed(Send(frames...)) } }
	for _, code := range codes {
		status = append(status, send(Close(code)), send(Close(code, "bye")))
	}
	for _, reason := range reasons {
		bodies = append(bodies, send(Close(1000, reason)))
	}
	bodies = append(bodies, send(RawClose("")), send(RawClose("\x03")), send(RawClose("\x00")), send(RawClose("\x03\xe8")), send(RawClose("a")))
	good, bad := Close(1000, "bye"), RawClose("\x03")
	for _, first := range []Frame{good, bad, RawClose(""), Close(1005)} {
		after = append(after, send(first, good), send(first, first, first), send(first, Ping("after")), send(first, Continuation("")),
			func(w *writer) Script { return closed(Send(first, Text(w.text(9)))) },
			func(w *writer) Script { return closed(Send(first), Send(Text(w.text(9)))) },
			func(w *writer) Script { return closed(Send(first, Text(w.text(9)).Claiming(1<<63))) },
			func(*writer) Script { return Script{Send(first), HalfClose(), Drop()} },
			func(*writer) Script { return Script{Send(first), Drop()} },
			func(*writer) Script { return Script{Send(first), Reset()} },
			func(*writer) Script { return Script{Send(first), SendOctets("\xff\xff\xff\xff\xff\xff"), Reset()} })
		crossed = append(crossed,
			func(w *writer) Script { return closed(Send(Text(w.text(9)).NoFin(), first)) },
			func(w *writer) Script { return closed(Send(Text(w.text(9)).NoFin(), first, Continuation(w.text(9)))) },
			func(w *writer) Script { return closed(Send(Text(w.text(9)), first)) },
			func(w *writer) Script { return closed(Send(Text(w.text(2000))), Send(first)) },
			func(w *writer) Script {
				return closed(Send(append(w.times(20, func() Frame { return Ping(w.text(9)) }), first)...))
			},
			send(first.NoFin(), Continuation("")), send(first.NoFin(), first), send(first.RSV(4)), send(first.RSV(2)), send(first.WronglyMasked()))
	}
	return interleaved(status, after, bodies, crossed, partings())
}

// partings are connections that end without a Close frame.
func partings() (all []maker) {
	for _, end := range []Ending{Drop(), Reset()} {
		all = append(all, func(*writer) Script { return Script{end} },
			func(*writer) Script { return Script{HalfClose(), end} },
			func(w *writer) Script { return Script{Send(Text(w.text(9))), end} },
			func(w *writer) Script { return append(w.echoed(Text(w.text(9))), end) },
			func(w *writer) Script { return Script{Send(Text(w.text(9))), HalfClose(), end} },
			func(w *writer) Script { return Script{Send(Text(w.text(9)).NoFin()), end} },
			func(w *writer) Script { return Script{Send(Text(w.text(9)).NoFin()), HalfClose(), end} },
			func(w *writer) Script { return Script{upto(4, Text(w.text(9))), end} })
	}
	return all
}

func drawClose(w *writer) Script {
	steps := w.prelude()
	f := Close(one(w, codes...), w.text(w.IntN(20)).Octets())
	switch w.IntN(8) {
	case 0:
		f = Close(wire.StatusCode(w.Uint32()), one(w, reasons...))
	case 1:
		f = RawClose(w.binary(w.IntN(130)))
	case 2:
		f = RawClose(Literal(w.binary(20).Octets()[:w.IntN(3)]))
	case 3:
		f = f.RSV(uint8(w.IntN(8)))
	case 4:
		return unfinished(append(steps, upto(1+w.IntN(10), f))...)
	}
	switch w.IntN(6) {
	case 0:
		return closed(append(steps, Send(f, w.data(9)))...)
	case 1:
		return closed(append(steps, Send(f), Send(f))...)
	case 2:
		return closed(append(steps, Send(w.data(9).NoFin()), Send(f))...)
	case 3:
		return append(steps, Send(f), one(w, Drop(), Reset()))
	case 4:
		return closed(append(steps, inWrites(w.every(), []Frame{w.data(20), f}, w.cuts()...))...)
	}
	return closed(append(steps, Send(f))...)
}
