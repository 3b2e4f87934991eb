package conformance

func miscellaneous() []Case {
	return []Case{
		must("10.1.1", "§5.4", "A text message of 65536 octets, 1300 octets a frame", Script{
			Within(10 * second),
			SendFragmented(1300, Text(stars(65536))),
			Reply(Text(stars(65536))),
			CloseNormally(),
		}),
	}
}
