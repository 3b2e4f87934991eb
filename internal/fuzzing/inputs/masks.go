package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// keys are masking keys that show whether a device unmasks, and with what.
var keys = [][4]byte{{}, {0xff, 0xff, 0xff, 0xff}, {1}, {0, 0, 0, 1}, {0x80, 0x80, 0x80, 0x80}, {0x81, 0x85, 0, 0}, {'a', 'a', 'a', 'a'}, {0x20, 0x20, 0x20, 0x20}}

func maskBoundaries(t Target) []maker {
	var wrong, keyed, aligned, amid []maker
	for _, h := range headers(true) {
		wrong = append(wrong, func(w *writer) Script { return w.headed(h) })
	}
	for _, n := range []int{0, 1, 4, 125, 126, 127, 65536} {
		wrong = append(wrong, func(w *writer) Script { return closed(Send(Text(w.text(n)).WronglyMasked()), Send(Text(w.text(9)))) },
			func(w *writer) Script { // octets that are frames only to who does not look at the mask bit
				return closed(Send(Binary(w.wholly(w.telltale())).WronglyMasked()))
			})
	}
	for _, key := range keys {
		for _, n := range []int{0, 5, 126} {
			keyed = append(keyed, func(w *writer) Script {
				return closed(Send(Text(w.text(n)).WithKey(key), Ping(w.text(5)).WithKey(key)))
			})
		}
	}
	for n := range 10 { // the key begins anew at each fragment, and at no write
		aligned = append(aligned, func(w *writer) Script { return closed(SendFragmented(1+n, Text(w.text(30)))) },
			func(w *writer) Script {
				return closed(inWrites(apart, []Frame{Text(w.text(40))}, wire.MaxHeader-8+n, wire.MaxHeader+n))
			})
	}
	for _, first := range []Masking{ByRole, Wrong} {
		amid = append(amid,
			func(w *writer) Script {
				a, b := Text(w.text(9)).NoFin(), Continuation(w.text(9))
				a.Masking, b.Masking = first, Wrong-first
				return closed(Send(a), Send(b))
			},
			func(w *writer) Script {
				return closed(Send(Text(w.text(9))), Send(Ping(w.text(5)).WronglyMasked()), Send(Text(w.text(9))))
			})
	}
	return interleaved(wrong, keyed, aligned, amid)
}

func drawMask(w *writer) Script {
	switch w.IntN(4) {
	case 0:
		f := w.frame()
		f.Masking = Wrong
		return closed(append(w.prelude(), Send(f), Send(w.data(9)))...)
	case 1:
		frames := w.fragments(w.data(w.IntN(200)), 1+w.IntN(6))
		frames[w.IntN(len(frames))].Masking = Wrong
		return closed(append(w.prelude(), Send(frames...), Send(w.data(9)))...)
	case 2:
		frames := w.lawful()
		for i := range frames {
			frames[i] = frames[i].WithKey(w.key())
		}
		return closed(Send(frames...))
	}
	return closed(append(w.prelude(), inWrites(w.every(), []Frame{w.data(w.size()), w.data(9)}, w.cuts()...))...)
}
