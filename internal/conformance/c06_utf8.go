package conformance

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

func utf8Text() []Case {
	const hello, greek = "Hello-µ@ßöäüàá-UTF-8!!", "κ\u1f79σμε"
	const bad1, bad2, edited = "\xed\xa0\x80", "\xf4\x90\x80\x80", "edited"
	empty := Text("").NoFin()
	// In 6.4.3 and 6.4.4 Autobahn has no FIN on the frame and an empty one after it.
	all, last := Text(greek+bad2+edited).NoFin(), Continuation("")
	cut := len(greek)
	cases := []Case{
		must("6.1.1", "§5.6", "An empty text message", echo(Text(""))),
		must("6.1.2", "§5.4", "Three empty fragments", Script{
			Send(empty, Continuation("").NoFin(), Continuation("")),
			Reply(Text("")),
			CloseNormally(),
		}),
		must("6.1.3", "§5.4", "Three fragments, the outer ones empty", Script{
			Send(empty, Continuation("middle frame payload").NoFin(), Continuation("")),
			Reply(Text("middle frame payload")),
			CloseNormally(),
		}),
		must("6.2.1", "§8.1", "Valid UTF-8 in one frame", echo(Text(hello))),
		must("6.2.2", "§8.1", "Valid UTF-8 cut between characters", Script{
			Send(Text("Hello-µ@ßöä").NoFin(), Continuation("üàá-UTF-8!!")),
			Reply(Text(hello)),
			CloseNormally(),
		}),
		must("6.2.3", "§8.1", "Valid UTF-8 of two-octet characters, one octet a frame, the last one empty", Script{
			sendFragments(1, Text(hello)),
			Reply(Text(hello)),
			CloseNormally(),
		}),
		must("6.2.4", "§8.1", "Valid UTF-8 of three-octet characters, one octet a frame, the last one empty", Script{
			sendFragments(1, Text(greek)),
			Reply(Text(greek)),
			CloseNormally(),
		}),
		must("6.3.1", "§8.1", "Invalid UTF-8 in one frame", Script{
			Send(Text(greek + bad1 + edited)),
			MustFail(1007),
		}),
		must("6.3.2", "§8.1", "Invalid UTF-8, one octet a frame, the last one empty", Script{
			sendFragments(1, Text(greek+bad1+edited)),
			MustFail(1007),
		}),
		must("6.4.1", "§8.1", "Invalid UTF-8 in the second of three fragments", Script{
			Send(Text(greek).NoFin()),
			Quiet(1 * second),
			Send(Continuation(bad2).NoFin()),
			ShouldFail(1*second, 1007),
			Send(Continuation(edited)),
			MustFail(1007),
		}),
		must("6.4.2", "§8.1", "One invalid octet as the second of three fragments", Script{
			Send(Text((greek + bad2)[:cut+1]).NoFin()),
			Quiet(1 * second),
			Send(Continuation(bad2[1:2]).NoFin()),
			ShouldFail(1*second, 1007),
			Send(Continuation(bad2[2:] + edited)),
			MustFail(1007),
		}),
		must("6.4.3", "§8.1", "Invalid UTF-8 in the second of three writes of a frame", Script{
			Send(all.Part(0, cut)),
			Quiet(1 * second),
			Send(all.Part(cut, cut+4)),
			ShouldFail(1*second, 1007),
			Send(all.Part(cut+4, cut+10), last),
			MustFail(1007),
		}),
		must("6.4.4", "§8.1", "One invalid octet as the second of three writes of a frame", Script{
			Send(all.Part(0, cut+1)),
			Quiet(1 * second),
			Send(all.Part(cut+1, cut+2)),
			ShouldFail(1*second, 1007),
			Send(all.Part(cut+2, cut+10), last),
			MustFail(1007),
		}),
	}
	for g, group := range utf8Groups() {
		for i, s := range group {
			title, script := fmt.Sprintf("Valid UTF-8 %+q", s), echo(Text(s))
			if !utf8.ValidString(s) {
				title, script = "Invalid UTF-8 "+brief(s), Script{Send(Text(s)), MustFail(1007)}
			}
			cases = append(cases, must(ID(fmt.Sprintf("6.%d.%d", g+5, i+1)), "§8.1", title, script))
		}
	}
	return cases
}

// brief writes octets in hex, of many only the first.
func brief(octets string) string {
	const most = 16
	if len(octets) <= most {
		return fmt.Sprintf("% x", octets)
	}
	return fmt.Sprintf("% x … (%d octets)", octets[:most], len(octets))
}

// utf8Groups are the sequences of Markus Kuhn's UTF-8 stress test, 6.5 to 6.23.
func utf8Groups() [][]string {
	const greek = "κ\u1f79σμε"
	var prefixes, lonely []string
	for i := range len(greek) {
		prefixes = append(prefixes, greek[:i+1])
	}
	run := func(lo, hi int, sep string) (s string) {
		for c := lo; c < hi; c++ {
			s += string([]byte{byte(c)}) + sep
		}
		return s
	}
	for _, r := range [][2]int{{0xc0, 0xdf}, {0xe0, 0xef}, {0xf0, 0xf7}, {0xf8, 0xfb}, {0xfc, 0xfd}} {
		lonely = append(lonely, run(r[0], r[1], " "))
	}
	incomplete := []string{"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
		"\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"}
	nonCharacters := []string{"\ufffe", "\uffff"}
	for plane := rune(1); plane <= 16; plane++ {
		nonCharacters = append(nonCharacters, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	return [][]string{
		{"hello$world", "hello¢world", "hello€world", "hello𤭢world", greek},
		prefixes,
		{"\x00", "\u0080", "\u0800", "\U00010000"},
		{"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"},
		{"\u007f", "\u07ff", "\uffff", "\U0010ffff"},
		{"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"},
		{"\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "\xf4\x90\x80\x80"},
		{"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf", run(0x80, 0xbf, "")},
		lonely,
		incomplete,
		{strings.Join(incomplete, "")},
		{"\xfe", "\xff", "\xfe\xfe\xff\xff"},
		{"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"},
		{"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"},
		{"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"},
		{"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"},
		{"\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf",
			"\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf"},
		nonCharacters,
		{"\ufff9", "\ufffa", "\ufffb", "\ufffc", "\ufffd", "\ufffe", "\uffff"},
	}
}
