package inputs

import (
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func controlBoundaries(t Target) []maker {
	var headed, sized, many []maker
	for _, h := range headers(false) {
		if h.Opcode.IsControl() {
			headed = append(headed, func(w *writer) Script { return w.headed(h) })
		}
	}
	for _, n := range []int{0, 1, 2, 3, 4, 7, 8, 31, 32, 63, 64, 100, 123, 124, 125, 126, 127, 200} {
		for _, op := range []wire.Opcode{wire.Ping, wire.Pong} {
			sized = append(sized, func(w *writer) Script { return closed(Send(framed(op, w.text(n))), Send(Text(w.text(9)))) })
		}
	}
	for _, payload := range []string{"100", "0", "-1", "4294967295", "%s%n%x", "\x00\x00", "\xff\xfe\xfd"} { // text is not asked for
		sized = append(sized, func(w *writer) Script { return closed(Send(Ping(payload)), Send(Text(w.text(9)))) })
	}
	for _, n := range []int{2, 10, 100, 400} {
		for _, op := range []wire.Opcode{wire.Ping, wire.Pong} {
			many = append(many,
				func(w *writer) Script {
					return closed(Send(w.times(n, func() Frame { return framed(op, w.text(20)) })...), Send(Text(w.text(9))))
				},
				func(w *writer) Script { return closed(w.apartBy(n/4, framed(op, w.text(5)))...) })
		}
	}
	if t.Destructive {
		many = append(many,
			func(w *writer) Script { return w.flood(20000, wire.Ping) },
			func(w *writer) Script { return w.flood(20000, wire.Pong) })
	}
	return interleaved(many, sized, headed)
}

// flood is a run of control frames to a device whose answers nobody reads.
func (w *writer) flood(n int, op wire.Opcode) Script {
	ping := w.wholly(framed(op, w.text(125)))
	return closed(SendOctets(Repeated(ping, n*len(ping))), Stall(time.Second))
}

func drawControl(w *writer) Script {
	steps := w.prelude()
	switch w.IntN(6) {
	case 0:
		f := w.frame()
		f.Opcode, f.Payload = wire.Opcode(8+w.IntN(8)), w.text(w.IntN(140))
		return closed(append(steps, Send(f), Send(w.data(9)))...)
	case 1:
		n := 1 + w.IntN(30)
		return closed(append(steps, Send(w.times(n, func() Frame {
			return framed(one(w, wire.Ping, wire.Ping, wire.Pong), w.text(w.IntN(126)))
		})...), Send(w.data(9)))...)
	case 2:
		return closed(append(steps, Send(w.amid(w.fragments(w.message(), 1+w.IntN(8)))...))...)
	case 3:
		return closed(append(steps, inWrites(w.every(), w.amid(w.lawful()), w.cuts()...))...)
	case 4:
		ping := Ping(w.text(w.IntN(126)))
		return closed(append(steps, Send(ping, w.message(), ping, w.data(9)))...)
	}
	return unfinished(append(steps, upto(1+w.IntN(12), framed(one(w, wire.Ping, wire.Pong, wire.Close), w.text(20))))...)
}
