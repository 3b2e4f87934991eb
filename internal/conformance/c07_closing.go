package conformance

import (
	"fmt"
	"slices"

	"wsprobe/internal/wire"
)

func closing() []Case {
	const badReason = "κ\u1f79σμε\xed\xa0\x80edited"
	hello, long := Text("Hello World!"), Text(Repeated("BAsd7&jh23", 256*kB))
	answered := func(frames ...Frame) Script { return Script{Send(frames...), MustAnswer(1000)} }
	rejected := func(f Frame, codes ...wire.StatusCode) Script { return Script{Send(f), MustReject(codes...)} }
	cases := []Case{
		must("7.1.1", "§7.1.2", "A message, then a close", Script{
			Send(hello),
			Reply(hello),
			Send(Close(1000)),
			MustAnswer(1000),
		}),
		must("7.1.2", "§5.5.1", "Two closes", answered(Close(1000), RawClose(""))),
		must("7.1.3", "§5.5.1", "A ping after a close", answered(Close(1000), Ping(""))),
		must("7.1.4", "§5.5.1", "A text message after a close", answered(Close(1000), hello)),
		must("7.1.5", "§5.5.1", "A close between two fragments", answered(Text("fragment1").NoFin(), Close(1000), Continuation("fragment2"))),
		info("7.1.6", "§5.5.1", "A message of 256 KiB, a short one, a close and a ping", Script{
			Send(long, hello, Close(1000), Ping("")),
			Reply(long, hello),
			MustAnswer(1000),
		}),
		must("7.3.1", "§5.5.1", "A close without status", answered(RawClose(""))),
		must("7.3.2", "§5.5.1", "A close of one octet", rejected(RawClose("a"), 1002)),
		must("7.3.3", "§5.5.1", "A close with a status", answered(Close(1000))),
		must("7.3.4", "§5.5.1", "A close with a reason", answered(Close(1000, "Hello World!"))),
		must("7.3.5", "§5.5.1", "A close with the longest reason", answered(Close(1000, stars(123).Octets()))),
		must("7.3.6", "§5.5", "A close with a reason that is too long", rejected(Close(1000, stars(124).Octets()), 1002)),
		must("7.5.1", "§8.1", "A close with a reason that is not UTF-8", rejected(Close(1000, badReason), 1002, 1007)),
	}
	for i, code := range []wire.StatusCode{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		cases = append(cases, must(nth("7.7", i), "§7.4", fmt.Sprintf("A close with status %d", code), Script{
			Send(Close(code)),
			MustAnswer(slices.Compact([]wire.StatusCode{code, 1000})...),
		}))
	}
	for i, code := range []wire.StatusCode{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		cases = append(cases, must(nth("7.9", i), "§7.4", fmt.Sprintf("A close with invalid status %d", code), rejected(Close(code), 1002)))
	}
	for i, code := range []wire.StatusCode{5000, 65535} {
		cases = append(cases, info(nth("7.13", i), "§7.4", fmt.Sprintf("A close with the undefined status %d", code), Script{
			Send(Close(code)),
			MustReject(1000, code, 1002),
		}))
	}
	return cases
}
