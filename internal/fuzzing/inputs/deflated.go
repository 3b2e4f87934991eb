package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// offers are parameters of permessage-deflate.
var offers = [][]string{{""}, {"no_context_takeover"}, {"max_window_bits=9", ""}, {"no_context_takeover; max_window_bits=15", ""}, {"max_window_bits=8", ""}}

// deflated returns a message, compressed: its payload refers to nothing but
// itself, so that it stands wherever it is put.
func (w *writer) deflated(message Frame, b deflate.Blocks) Frame {
	c := w.source.compressors.Get().(*deflate.Compressor)
	defer w.source.compressors.Put(c)
	c.Reset() // an input is the same, whatever was made before
	message.Payload = Literal(string(c.AppendBlocks(nil, []byte(message.Payload.Octets()), b)))
	return message.RSV(4)
}

// broken are payloads that do not inflate, or hardly.
var broken = []string{
	"", "\x00", "\x00\x00", "\x01\x00", "\x02\x00", "\x03\x00", "\x06", "\x07", "\xff", "\xff\xff\xff\xff", "\x00\x00\xff\xff", "\x01\x00\x00\xff\xff",
	"\x00\x05\x00\xfa\xfeHello\x00", "\x00\x05\x00\xfa\xffHello", "\x00\x64\x00\x9b\xffHello", "\x00\xff\xff\x00\x00Hello", "\xf2\x00\x11\x00\x00",
	"\x04\xff\xff\xff\xff\xff\xff\xff", "\x05\xe0\x81\x08", "\xed\xfd\x01\x00", "\x4a\x04\x02\x00", "\xf2\x48\xcd\xc9\xc9", "\xf2\x48\xcd\xc9\xc9\x07\x00\xff\xff",
	"\xf3\x48\xcd\xc9\xc9\x07\x00", "\xf3\x48\xcd\xc9\xc9\x07\x00\x00", "\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff", "\x00\x02\x00\xfd\xff\xc3\x28\x00",
}

// kinds are the ways to make blocks.
var kinds = []deflate.Blocks{
	{}, {Kind: deflate.Stored}, {Kind: deflate.Fixed}, {Kind: deflate.Dynamic}, {Final: true}, {Kind: deflate.Stored, Final: true},
	{Octets: 1}, {Octets: 7, Flush: true}, {Kind: deflate.Stored, Octets: 1}, {Kind: deflate.Dynamic, Octets: 20}, {Kind: deflate.Fixed, Octets: 3, Flush: true},
}

func deflateBoundaries(t Target) []maker {
	var lawful, bad, flagged, cut []maker
	for _, kind := range kinds {
		for _, n := range []int{0, 1, 60, 1000, 20000} {
			lawful = append(lawful, func(w *writer) Script {
				return closed(Deflate(), Send(w.deflated(Text(w.text(n)), kind)), Send(w.deflated(Text(w.text(20)), kind), Text(w.text(9))))
			})
		}
	}
	for _, payload := range broken {
		bad = append(bad, func(w *writer) Script { return closed(Deflate(), Send(Text(payload).RSV(4)), Send(Text(w.text(9)))) },
			func(w *writer) Script { return closed(Deflate(), Send(w.fragments(Binary(payload).RSV(4), 3)...)) })
	}
	for bits := range uint8(8) {
		for _, op := range []wire.Opcode{wire.Text, wire.Binary, wire.Ping, wire.Close} {
			flagged = append(flagged, func(w *writer) Script {
				f := w.deflated(Text(w.text(20)), deflate.Blocks{}).RSV(bits)
				f.Opcode = op
				return closed(Deflate(), Send(f), Send(Text(w.text(9))))
			})
		}
		flagged = append(flagged, func(w *writer) Script {
			fragments := w.fragments(w.deflated(Text(w.text(20)), deflate.Blocks{}), 3)
			return closed(Deflate(), Send(append(fragments[:1], fragments[1].RSV(bits), fragments[2])...))
		})
	}
	for at := range 30 {
		cut = append(cut, func(w *writer) Script { // the stream ends early
			f := w.deflated(Text(w.text(20)), deflate.Blocks{})
			f.Payload = Literal(f.Payload.Octets()[:min(at, f.Payload.Len())])
			return closed(Deflate(), Send(f))
		}, func(w *writer) Script {
			return closed(Deflate(), SendStep{Frames: []Frame{w.deflated(Text(w.text(60)), deflate.Blocks{})}, Fragment: at + 1}, Send(Text(w.text(9))))
		})
	}
	return interleaved(lawful, bad, flagged, cut, windows(t))
}

// windows are what a window decides, and bombs.
func windows(t Target) (all []maker) {
	for _, offer := range offers {
		for _, n := range []int{300, 5000, 33000} {
			all = append(all, func(w *writer) Script {
				return closed(Deflate(offer...), Send(w.deflated(Binary(w.binary(n)), deflate.Blocks{})), Send(w.deflated(Text(w.text(n)), deflate.Blocks{})))
			})
		}
	}
	if t.Destructive {
		for _, size := range []int{1 << 20, 16 << 20} {
			all = append(all, func(w *writer) Script {
				return closed(Deflate(), Send(w.deflated(Binary(Repeated("\x00", size)), deflate.Blocks{})))
			})
		}
	}
	return all
}

func drawDeflated(w *writer) Script {
	steps := []Step{Deflate(one(w, offers...)...)}
	f := w.deflated(w.message(), one(w, kinds...))
	switch w.IntN(6) {
	case 0: // an octet is another
		octets := []byte(f.Payload.Octets())
		for range 1 + w.IntN(3) {
			octets[w.IntN(len(octets))] ^= 1 << w.IntN(8)
		}
		f.Payload = Literal(string(octets))
	case 1: // it ends early
		f.Payload = Literal(f.Payload.Octets()[:w.IntN(f.Payload.Len())])
	case 2:
		f.Payload = w.binary(w.IntN(40))
	case 3:
		f.Bits = uint8(w.IntN(8))
	}
	if w.chance(3) {
		steps = append(steps, Send(w.deflated(w.data(20), one(w, kinds...))))
	}
	if w.chance(2) {
		return closed(append(steps, Send(w.amid(w.fragments(f, 1+w.IntN(5)))...), Send(w.deflated(w.data(9), deflate.Blocks{})))...)
	}
	return closed(append(steps, Send(f), Send(w.deflated(w.data(9), deflate.Blocks{})))...)
}
