package conformance

import (
	"fmt"

	"wsprobe/internal/wire"
)

// frames is what Autobahn's cases leave out of frames, fragments, control frames
// and status codes: FRM, FRG, CTL, COD.
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
	between := func(pong Frame) Script { return Script{Send(first, pong, last), Reply(Text("hello")), CloseNormally()} }
	row("FRG.5", "§5.4", must,
		titled{"A pong between two fragments", between(Pong("pong"))},
		titled{"A pong without payload between two fragments", between(Pong(""))},
		titled{"A pong of 125 octets between two fragments", between(Pong(Repeated("*", wire.MaxControl)))},
		titled{"A pong between two fragments, one octet a write", Script{
			SendChopped(1, first, Pong("pong"), last), Reply(Text("hello")), CloseNormally()}})
	// A status that comes back shows that the frame was taken for a close.
	row("CTL.3", "§5.5", acting,
		titled{"A close in two fragments", fails(Close(4999).NoFin(), Continuation("bye"))},
		titled{"A close that is to go on", fails(Close(4999).NoFin())})
	row("COD.4", "§7.4.1", derived, titled{"A close with status 1015", Script{Send(Close(1015)), MustReject(1002)}})
	codes := family{row: "COD.5"}
	for _, code := range []wire.StatusCode{1012, 1013, 1014} {
		codes.add(info, "§7.4.2", fmt.Sprintf("A close with status %d, registered since", code), Script{
			Send(Close(code)), MustAnswer(code, 1000)})
	}
	return append(cases, codes.cases...)
}
