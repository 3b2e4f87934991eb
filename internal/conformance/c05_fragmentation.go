package conformance

func fragmentation() []Case {
	first, last := Text("fragment1").NoFin(), Continuation("fragment2")
	whole := Text("fragment1fragment2")
	ping, pong := Ping("ping payload"), Pong("ping payload")
	stray, hello := Continuation("non-continuation payload"), Text("Hello, world!")
	return []Case{
		must("5.1", "§5.4", "A ping in two fragments", Script{
			Send(Ping("fragment1").NoFin(), last),
			MustFail(1002),
		}),
		must("5.2", "§5.4", "A pong in two fragments", Script{
			Send(Pong("fragment1").NoFin(), last),
			MustFail(1002),
		}),
		must("5.3", "§5.4", "A text message in two fragments, in one write", Script{
			Send(first, last),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.4", "§5.4", "A text message in two fragments, one frame a write", Script{
			Send(first),
			Send(last),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.5", "§5.4", "A text message in two fragments, one octet a write", Script{
			SendChopped(1, first, last),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.6", "§5.4", "A ping between two fragments, in one write", Script{
			Send(first, ping, last),
			Must(pong),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.7", "§5.4", "A ping between two fragments, one frame a write", Script{
			Send(first), Send(ping), Send(last),
			Must(pong),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.8", "§5.4", "A ping between two fragments, one octet a write", Script{
			SendChopped(1, first, ping, last),
			Must(pong),
			Reply(whole),
			CloseNormally(),
		}),
		must("5.9", "§5.4", "A final continuation of nothing, in one write", Script{
			Send(stray, hello),
			MustFail(1002),
		}),
		must("5.10", "§5.4", "A final continuation of nothing, one frame a write", Script{
			Send(stray), Send(hello),
			MustFail(1002),
		}),
		must("5.11", "§5.4", "A final continuation of nothing, one octet a write", Script{
			SendChopped(1, stray, hello),
			MustFail(1002),
		}),
		must("5.12", "§5.4", "A continuation of nothing, in one write", Script{
			Send(stray.NoFin(), hello),
			MustFail(1002),
		}),
		must("5.13", "§5.4", "A continuation of nothing, one frame a write", Script{
			Send(stray.NoFin()), Send(hello),
			MustFail(1002),
		}),
		must("5.14", "§5.4", "A continuation of nothing, one octet a write", Script{
			SendChopped(1, stray.NoFin(), hello),
			MustFail(1002),
		}),
		must("5.15", "§5.4", "A continuation of a message that has ended", Script{
			Send(first, last, Continuation("fragment3").NoFin(), Text("fragment4")),
			MayReply(whole),
			MustFail(1002),
		}),
		must("5.16", "§5.4", "Twice a continuation of nothing and a fragmented message", Script{
			Send(Continuation("fragment1").NoFin(), Text("fragment2").NoFin(), Continuation("fragment3"),
				Continuation("fragment1").NoFin(), Text("fragment2").NoFin(), Continuation("fragment3")),
			MustFail(1002),
		}),
		must("5.17", "§5.4", "Twice a final continuation of nothing and a fragmented message", Script{
			Send(Continuation("fragment1"), Text("fragment2").NoFin(), Continuation("fragment3"),
				Continuation("fragment1"), Text("fragment2").NoFin(), Continuation("fragment3")),
			MustFail(1002),
		}),
		must("5.18", "§5.4", "A text frame where a continuation is due", Script{
			Send(first, Text("fragment2")),
			MustFail(1002),
		}),
		must("5.19", "§5.4", "Two pings and a pause among five fragments", Script{
			Send(first, Continuation("fragment2").NoFin(), Ping("pongme 1!")),
			Must(Pong("pongme 1!")),
			Quiet(1 * second),
			Send(Continuation("fragment3").NoFin(), Continuation("fragment4").NoFin(), Ping("pongme 2!"), Continuation("fragment5")),
			Must(Pong("pongme 2!")),
			Reply(Text("fragment1fragment2fragment3fragment4fragment5")),
			CloseNormally(),
		}),
		must("5.20", "§5.4", "Two pings and a pause among five fragments, one frame a write", Script{
			Send(first), Send(Continuation("fragment2").NoFin()), Send(Ping("pongme 1!")),
			Must(Pong("pongme 1!")),
			Quiet(1 * second),
			Send(Continuation("fragment3").NoFin()), Send(Continuation("fragment4").NoFin()), Send(Ping("pongme 2!")), Send(Continuation("fragment5")),
			Must(Pong("pongme 2!")),
			Reply(Text("fragment1fragment2fragment3fragment4fragment5")),
			CloseNormally(),
		}),
	}
}
