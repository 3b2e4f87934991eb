package conformance_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Whatever can be made of the language's words prints as it is read. The words
// are drawn at random, from a fixed seed.
func TestRandomScriptsPrintAndParse(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(1, 301))}
	for range 3000 {
		want := w.script(true)
		got, err := ParseScript(want.String())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\ncomes back as\n%v, error %v", want, got, err)
		}
	}
}

// writer draws what scripts are made of.
type writer struct{ *rand.Rand }

func pick[T any](w writer, of ...T) T { return of[w.IntN(len(of))] }

func many[T any](w writer, one func() T) (all []T) {
	for range 1 + w.IntN(3) {
		all = append(all, one())
	}
	return all
}

func (w writer) script(beside bool) (s Script) {
	if w.IntN(3) == 0 {
		s = append(s, w.opening())
	}
	for range w.IntN(4) {
		s = append(s, w.step())
	}
	if beside && w.IntN(4) == 0 {
		s = append(s, Beside(w.IntN(9), w.script(false)))
	}
	codes := many(w, w.code)
	return append(s, pick(w, CloseNormally(), Drop(), Reset(), MustAnswer(codes...), MustReject(codes...), MustFail(codes...), MustRefuse(codes...), MayFail(codes...), ShouldNotFail(codes...)))
}

func (w writer) opening() Step {
	edits := many(w, w.edit)
	return pick(w, Request(edits...), Step(RequestStep{edits, w.pace()}), Response(edits...), Step(ResponseStep{edits, w.pace()}),
		Together(many(w, w.frame)...), Deflate(), Deflate("a; b=1", "c"), Deflate("", "a"), Deflate("a", ""),
		Offered(), Offered(OfferedParam{Name: "client_max_window_bits", Below: w.IntN(256)}, OfferedParam{Name: "server_no_context_takeover", Absent: true}))
}

func (w writer) edit() Edit {
	name := pick(w, "Host", "Sec-WebSocket-Key", "x", "start", "line")
	return pick(w, Set(name, w.payload()), Add(name, w.payload()), Remove(name), Rename("Host", "hOsT"), StartLine(w.payload()),
		RawLine(w.payload()), Reverse(), LineEnd("\n"))
}

func (w writer) step() Step {
	control := func() Frame {
		return pick(w, Ping(w.payload()), Pong(w.payload()), RawClose(w.payload()), Reserved(12, w.payload()))
	}
	data := func() Frame { return pick(w, Text(w.payload()), Binary(w.payload())) }
	wait := time.Duration(w.IntN(1e9)) * pick(w, 1, time.Microsecond, 1000*time.Microsecond) % (24 * time.Hour)
	return pick(w, Send(many(w, w.frame)...), Step(SendStep{Frames: many(w, w.frame), Pace: w.pace()}),
		Step(OctetsStep{w.payload(), w.pace()}), SendFragmented(1000+w.IntN(100), many(w, data)...),
		Reply(many(w, data)...), MayReply(many(w, data)...), Must(many(w, control)...), Should(many(w, control)...),
		Quiet(wait), Stall(wait), Within(wait), ShouldFail(wait, w.code()), Rally(w.IntN(1000), w.frame()), Inform(),
		RallySlices(w.IntN(1000), pick(w, Text(""), Binary("").RSV(1)), Slice{pick(w, Corpora()...), 1 + w.IntN(194056)}, w.IntN(1000)),
		InBlocks(Blocks(w.IntN(3)), Rally(w.IntN(1000), data())))
}

func (w writer) pace() (p Pace) {
	wait := func() time.Duration { return pick(w, 0, time.Duration(w.IntN(1e9))) }
	p = Pace{Every: wait(), After: wait(), Upto: w.IntN(2) * w.IntN(1<<20)}
	if w.IntN(2) == 0 {
		p.Chop = w.IntN(100)
		return p
	}
	for at := 0; w.IntN(4) > 0; {
		at += 1 + w.IntN(1000)
		p.Cut = append(p.Cut, at)
	}
	return p
}

func (w writer) frame() Frame {
	f := Frame{Opcode: wire.Opcode(w.IntN(16)), Payload: w.payload()}
	if w.IntN(2) == 0 {
		return f
	}
	f.NotFin, f.Bits, f.Masking = w.IntN(2) == 0, uint8(w.IntN(8)), pick(w, ByRole, Wrong)
	f.Form = pick(w, wire.Shortest, wire.Form7, wire.Form16, wire.Form64)
	f.Claim = pick(w, Claim{}, Claim{Made: true}, Claim{Made: true, Length: w.Uint64()})
	if n := f.Payload.Len(); n > 1 && w.IntN(3) == 0 {
		i := w.IntN(n)
		f = f.Part(i, i+1+w.IntN(n-i))
	}
	return f
}

func (w writer) code() wire.StatusCode {
	return pick(w, 1000, 1002, wire.StatusCode(w.IntN(1<<16)))
}

func (w writer) payload() Payload {
	unit := make([]byte, w.IntN(40))
	for i := range unit {
		unit[i] = pick(w, byte(w.IntN(256)), 'a', 'a', '"', '\\', ',', ' ', 0)
	}
	return pick(w, Literal(string(unit)), Repeated(string(unit), w.IntN(200)), Repeated(string(unit), w.IntN(1<<16)),
		Close(1000, string(unit)).Payload)
}
