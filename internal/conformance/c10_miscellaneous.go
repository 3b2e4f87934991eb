package conformance

func miscellaneous() []Case {
	text := Text(stars(65536))
	return []Case{
		must("10.1.1", "§5.4", "A text message of 65536 octets, 1300 octets a frame", answered(sendFragments(1300, text), text)),
	}
}
