package conformance

import (
	"fmt"

	"wsprobe/internal/wire"
)

// frames is what Autobahn's cases leave out of frames, fragments and control
// frames: FRM, FRG, CTL.
func frames() (cases []Case) {
	first, last := Text("hel").NoFin(), Continuation("lo")
	fails := func(frames ...Frame) Script { return Script{Send(frames...), MustFail(1002)} }
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	row("FRM.5", "§5.2", must,
		titled{"A continuation with RSV1", fails(first, last.RSV(4))},
		titled{"A continuation with RSV2", fails(first, last.RSV(2))},
		titled{"A continuation with RSV3", fails(first, last.RSV(1))},
		titled{"A pong with RSV1", fails(Pong("hello").RSV(4))})
	row("FRM.8", "§5.2", must,
		titled{"A frame of opcode 3 that is to go on", fails(Reserved(3, "hel").NoFin())},
		titled{"A message that begins with opcode 3", fails(Reserved(3, "hel").NoFin(), last)},
		titled{"A frame of opcode 7 between two fragments", fails(first, Reserved(7, "hello"), last)},
		titled{"A frame of opcode 11 between two fragments", fails(first, Reserved(11, ""), last)})
	row("FRM.13", "§5.2", info,
		titled{"One octet of a header, and the end of our half", cutOff(SendStep{Frames: []Frame{Text("hello")}, Pace: Pace{Upto: 1}})},
		titled{"Three octets of a longer header, and the end of our half", cutOff(SendStep{Frames: []Frame{Text(stars(126))}, Pace: Pace{Upto: 3}})})
	// A buffer of n octets holds n, or n less a NUL.
	buffers := family{row: "FRM.10"}
	for _, n := range []int{256, 512, 1024, 2048, 4096} {
		var script Script
		for octets := n - 1; octets <= n+1; octets++ {
			script = append(script, Send(Text(stars(octets))), Reply(Text(stars(octets))))
		}
		buffers.add(must, "§5.2", fmt.Sprintf("Texts of %d, %d and %d octets", n-1, n, n+1), append(script, CloseNormally()))
	}
	cases = append(cases, buffers.cases...)
	between := func(pong Frame) Script { return Script{Send(first, pong, last), Reply(Text("hello")), CloseNormally()} }
	row("FRG.5", "§5.4", must,
		titled{"A pong between two fragments", between(Pong("pong"))},
		titled{"A pong without payload between two fragments", between(Pong(""))},
		titled{"A pong of 125 octets between two fragments", between(Pong(Repeated("*", wire.MaxControl)))},
		titled{"A pong between two fragments, one octet a write", Script{
			SendChopped(1, first, Pong("pong"), last), Reply(Text("hello")), CloseNormally()}})
	row("FRG.12", "§5.4", must,
		titled{"A part of a frame, and the end of our half", cutOff(Send(Text("hello").Part(0, 3)))},
		titled{"The first of two fragments, and the end of our half", cutOff(Send(first))})
	endless := func(n, octets int) Script {
		return Script{SendFragmented(n, Binary(stars(octets)).NoFin()), Open(), MayFail()}
	}
	row("FRG.11", "§10.4", must,
		titled{"128 Ki fragments of one octet, and no last one", endless(1, 128*kB)},
		titled{"768 KiB in fragments of 4 KiB, and no last one", endless(4*kB, 768*kB)})
	row("CTL.7", "§5.5.2", should, titled{"A ping in the middle of a message of 2048 octets", Script{
		Send(Text(stars(1024)).NoFin(), Ping("now")), Must(Pong("now")),
		Send(Continuation(stars(1024))), Reply(Text(stars(2048))), CloseNormally()}})
	// A status that comes back shows that the frame was taken for a close.
	row("CTL.3", "§5.5", acting,
		titled{"A close in two fragments", fails(Close(4999).NoFin(), Continuation("bye"))},
		titled{"A close that is to go on", fails(Close(4999).NoFin())})
	return cases
}

// cutOff is a message that is not sent to its end: the device fails the connection
// (RFC 6455 §7.1.7, §7.2.1), and answers nothing.
func cutOff(sent Step) Script { return Script{sent, HalfClose(), MustFail()} }
