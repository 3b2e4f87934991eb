package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// sequences are octets at the borders of UTF-8, lawful or not (RFC 3629 §4).
var sequences = []string{
	"\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff", "\U0001f600", "\x00", "\ufeff", "e\u0301",
	"\x80", "\xbf", "\xc0", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x00", "\xdf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xed\xa0\x80", "\xed\xbf\xbf",
	"\xed\xa0\xbd\xed\xb8\x80", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf0\x28\x8c\xbc", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
	"\xfc\x84\x80\x80\x80\x80", "\xfe", "\xff", "\xfe\xff", "\xff\xff\xff\xff",
}

func textBoundaries(Target) []maker {
	var whole, cut, far []maker
	for _, s := range sequences {
		whole = append(whole,
			func(w *writer) Script { return closed(Send(Text(w.text(9).Octets()+s)), Send(Text(w.text(9)))) },
			func(w *writer) Script {
				return closed(Send(Text(w.text(9).Octets()+s).NoFin()), Send(Continuation(w.text(9))))
			},
			func(w *writer) Script { return closed(Send(Close(1000, s))) })
		for at := 1; at < len(s); at++ {
			cut = append(cut, func(w *writer) Script {
				return closed(Send(Text(w.text(9).Octets()+s[:at]).NoFin(), Continuation(s[at:]+"!")), Send(Text(w.text(9))))
			}, func(w *writer) Script {
				return closed(SendStep{Frames: []Frame{Text(w.text(9).Octets() + s)}, Pace: Pace{Cut: []int{w.headerOctets(Text("")) + 9 + at}}}, Send(Text(w.text(9))))
			}, func(w *writer) Script {
				return closed(Send(Text(s[:at]).NoFin()), Send(Ping(w.text(5))), Send(Continuation("").NoFin()), Send(Continuation(s[at:])))
			})
		}
	}
	for _, size := range borders {
		for _, s := range []string{"\U0001f600", "\xff", "\xe2\x82"} {
			far = append(far, func(w *writer) Script {
				return closed(Send(Text(w.text(size-1)).NoFin(), Continuation(s)), Send(Text(w.text(9))))
			})
		}
	}
	return interleaved(whole, cut, far)
}

func drawText(w *writer) Script {
	octets := w.text(w.IntN(one(w, 10, 100, 1000))).Octets()
	for range 1 + w.IntN(3) {
		at := w.IntN(len(octets) + 1)
		octets = octets[:at] + one(w, sequences...) + octets[at:]
	}
	frames := w.fragments(Frame{Opcode: wire.Text, Payload: Literal(octets)}, 1+w.IntN(5))
	steps := w.prelude()
	switch w.IntN(4) {
	case 0:
		return closed(append(steps, inWrites(w.every(), frames, w.cuts()...), Send(w.data(9)))...)
	case 1:
		return closed(append(steps, Send(w.amid(frames)...), Send(w.data(9)))...)
	}
	return closed(append(steps, Send(frames...), Send(w.data(9)))...)
}
