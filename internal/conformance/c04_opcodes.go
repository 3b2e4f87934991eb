package conformance

import (
	"fmt"

	"wsprobe/internal/wire"
)

func opcodes() (cases []Case) {
	const greeting, payload = "Hello, world!", "reserved opcode payload"
	hello := Text(greeting)
	add := func(id ID, op wire.Opcode, how string, script Script) {
		cases = append(cases, must(id, "§5.2", fmt.Sprintf("A frame with the reserved opcode %d%s", op, how), script))
	}
	for group, first := range map[string]wire.Opcode{"4.1": 3, "4.2": 11} {
		bad := func(i int, payload string) Frame { return Reserved(first+wire.Opcode(i), payload) }
		add(nth(group, 0), first, ", empty", Script{
			Send(bad(0, "")),
			MustFail(1002),
		})
		add(nth(group, 1), first+1, "", Script{
			Send(bad(1, payload)),
			MustFail(1002),
		})
		add(nth(group, 2), first+2, ", empty, between a text and a ping", Script{
			Send(hello, bad(2, ""), Ping("")),
			MayReply(hello),
			MustFail(1002),
		})
		add(nth(group, 3), first+3, " between a text and a ping", Script{
			Send(hello, bad(3, greeting), Ping("")),
			MayReply(hello),
			MustFail(1002),
		})
		add(nth(group, 4), first+4, " between a text and a ping, one octet a write", Script{
			SendChopped(1, hello, bad(4, greeting), Ping("")),
			MayReply(hello),
			MustFail(1002),
		})
	}
	return cases
}
