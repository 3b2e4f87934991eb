package conformance

import (
	"fmt"

	"wsprobe/internal/wire"
)

// unfit are frames and data that fail the connection.
func unfit() (cases []Case) {
	fails := func(codes []wire.StatusCode, frames ...Frame) Script {
		return Script{Deflate(), Send(frames...), MustFail(codes...)}
	}
	protocol, text := []wire.StatusCode{1002}, []wire.StatusCode{1007}
	cases = stimuli("PMD.17", "§6.1", negotiated,
		titled{"RSV1 on both fragments of a compressed message", fails(protocol,
			helloPart(0, 3).NoFin(), Continuation(helloFixed[3:]).RSV(4))},
		titled{"RSV1 on the second fragment of an uncompressed message", fails(protocol,
			Text("Hel").NoFin(), Continuation("lo").RSV(4))})
	// A status that comes back shows that the frame was taken for a close.
	cases = append(cases, stimuli("PMD.18", "§6.1", negotiated,
		titled{"RSV1 on a ping", fails(protocol, Ping("Hello").RSV(4))},
		titled{"RSV1 on a pong", fails(protocol, Pong("Hello").RSV(4))},
		titled{"RSV1 on a close", fails([]wire.StatusCode{1000, 1001, 1002, 1003, 1008, 1011}, Close(4999).RSV(4))})...)
	garbage := family{row: "PMD.21"}
	for _, g := range []titledPayload{
		{"A block of the type that there is none of", "\xff\xff\xff\xff"},
		{"A stored block whose length and its complement differ", "\x00\x05\x00\xfa\xfeHello\x00"},
		{"A stored block of 100 octets, of which 5 come", "\x00\x64\x00\x9b\xffHello"},
		{"A match further back than there is anything", "\xf2\x00\x11\x00\x00"},
		{"A dynamic block whose code is none", "\x04\xff\xff\xff\xff\xff\xff\xff"},
		{"A dynamic block that ends within its codes", "\x04\xc0"},
	} {
		garbage.add(of7692(derived), "§7.2.2", g.title, fails(nil, compressed(Text(g.payload))))
	}
	cases = append(cases, garbage.cases...)
	cases = append(cases, stimuli("PMD.27", "§6.1", negotiated,
		titled{"A compressed text that is not UTF-8", fails(text, compressed(Text("\x00\x02\x00\xfd\xff\xc3\x28\x00")))},
		titled{"A compressed text that ends within a character", fails(text, compressed(Text("\x00\x01\x00\xfe\xff\xce\x00")))},
		titled{"A compressed text with a character cut by fragments", Script{Deflate(),
			Send(compressed(Text("\x00\x02\x00\xfd\xff\xce")).NoFin(), Continuation("\xba\x00")), Reply(Text("κ")), CloseNormally()}})...)
	reserved := family{row: "PMD.36"}
	for _, bits := range []uint8{1, 2, 5, 6, 7} {
		text := hello // which nothing but the bits is wrong with
		if bits&4 != 0 {
			text = helloDeflated
		}
		reserved.add(must, "§5.2", fmt.Sprintf("Reserved bits %d on a text, with compression agreed on", bits), fails(protocol, text.RSV(bits)))
	}
	return append(cases, reserved.cases...)
}

// titledPayload is a payload, and what it is in one line.
type titledPayload struct{ title, payload string }

// bombs are messages that are a thousand times as long as what carries them. A
// device may close over them, answer or pass over them, if only it lives.
func bombs() []Case {
	// Dynamic codes of one bit a match: 258 zeros take two bits.
	bomb := []Frame{
		compressed(Binary("\xec\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x08\x5f\xa0")).NoFin(),
		Continuation(Repeated("\x00", 1016)).NoFin(), Continuation("\x3e\x03"),
	}
	survives := func(messages int) Script {
		script := Script{Deflate()}
		for range messages {
			script = append(script, Send(bomb...), StillThere())
		}
		return append(script, MayFail())
	}
	return stimuli("PMD.28", "§6.2", of7692(derived),
		titled{"1 MiB of zeros in 1033 octets", survives(1)},
		titled{"1 MiB of zeros in 1033 octets, eight times", survives(8)})
}
