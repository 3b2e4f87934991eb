package conformance

import "fmt"

func pings() []Case {
	ping := func(payload Payload) Script {
		return Script{Send(Ping(payload)), Must(Pong(payload)), CloseNormally()}
	}
	var tenPings, tenPongs []Frame
	for i := range 10 {
		payload := fmt.Sprintf("payload-%d", i)
		tenPings, tenPongs = append(tenPings, Ping(payload)), append(tenPongs, Pong(payload))
	}
	return []Case{
		must("2.1", "§5.5.2", "A ping without payload", ping(Payload{})),
		must("2.2", "§5.5.2", "A ping with a text payload", ping(Literal("Hello, world!"))),
		must("2.3", "§5.5.2", "A ping with a binary payload", ping(Literal("\x00\xff\xfe\xfd\xfc\xfb\x00\xff"))),
		must("2.4", "§5.5.2", "A ping of 125 octets", ping(fes(125))),
		must("2.5", "§5.5", "A ping of 126 octets", Script{
			Send(Ping(fes(126))),
			MustFail(1002),
		}),
		must("2.6", "§5.5.2", "A ping of 125 octets, one octet a write", Script{
			SendChopped(1, Ping(fes(125))),
			Must(Pong(fes(125))),
			CloseNormally(),
		}),
		must("2.7", "§5.5.3", "An unsolicited pong", Script{Send(Pong("")), CloseNormally()}),
		must("2.8", "§5.5.3", "An unsolicited pong with a payload", Script{
			Send(Pong("unsolicited pong payload")),
			CloseNormally(),
		}),
		must("2.9", "§5.5.3", "An unsolicited pong, then a ping", Script{
			Send(Pong("unsolicited pong payload"), Ping("ping payload")),
			Must(Pong("ping payload")),
			CloseNormally(),
		}),
		must("2.10", "§5.5.2", "Ten pings", Script{
			Send(tenPings...),
			Must(tenPongs...),
			CloseNormally(),
		}),
		must("2.11", "§5.5.2", "Ten pings, one octet a write", Script{
			SendChopped(1, tenPings...),
			Must(tenPongs...),
			CloseNormally(),
		}),
	}
}
