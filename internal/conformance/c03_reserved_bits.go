package conformance

func reservedBits() []Case {
	hello := Text("Hello, world!")
	fails := func(f Frame) Script { return Script{Send(f), MustFail(1002)} }
	return []Case{
		must("3.1", "§5.2", "A text message with RSV3", fails(hello.RSV(1))),
		must("3.2", "§5.2", "A text message, one with RSV2, a ping, in one write", Script{
			Send(hello, hello.RSV(2), Ping("")),
			MayReply(hello),
			MustFail(1002),
		}),
		must("3.3", "§5.2", "A text message, one with RSV2 and RSV3, a ping, one frame a write", Script{
			Send(hello), Send(hello.RSV(3)), Send(Ping("")),
			MayReply(hello),
			MustFail(1002),
		}),
		must("3.4", "§5.2", "A text message, one with RSV1, a ping, one octet a write", Script{
			SendChopped(1, hello, hello.RSV(4), Ping("")),
			MayReply(hello),
			MustFail(1002),
		}),
		must("3.5", "§5.2", "A binary message with RSV1 and RSV3", fails(Binary("\x00\xff\xfe\xfd\xfc\xfb\x00\xff").RSV(5))),
		must("3.6", "§5.2", "A binary message with RSV1 and RSV2", fails(Binary("Hello, world!").RSV(6))),
		must("3.7", "§5.2", "A close with all reserved bits", fails(RawClose("").RSV(7))),
	}
}
