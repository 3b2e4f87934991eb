package conformance_test

import (
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
)

func TestParseScriptErrors(t *testing.T) {
	long := strings.Repeat("x", 60)
	for _, c := range []struct{ text, want string }{
		// the shape of a script
		{"", `line 1: the script has no ending such as close 1000 or must fail 1002`},
		{"# nothing\n\n", `line 2: the script has no ending such as close 1000 or must fail 1002`},
		{"send ping\nmust pong", `line 2: the script has no ending such as close 1000 or must fail 1002`},
		{"drop\n\nsend ping", `line 3: nothing comes after the ending, but here is "send ping"`},
		{"close 1000\nclose 1000", `line 2: nothing comes after the ending, but here is "close 1000"`},
		{"send ping\ndeflate\ndrop", `line 2: "deflate" belongs to the opening handshake and comes first`},
		{"informational\nrequest -Origin\ndrop", `line 2: "request -Origin" belongs to the opening handshake and comes first`},
		{"drop\n}", `line 2: nothing comes after the ending, but here is "}"`},
		{"}\ndrop", `line 1: no step begins so: "}"`},
		{"\xff", `line 1: not UTF-8`},
		{"drop\n\n# \ufffd \xc3(", `line 3: not UTF-8`},

		// words
		{"sent ping\ndrop", `line 1: no step begins so: "sent ping"`},
		{"sendping\ndrop", `line 1: no step begins so: "sendping"`},
		{"SEND ping\ndrop", `line 1: no step begins so: "SEND ping"`},
		{"1" + long + "\ndrop", `line 1: no step begins so: "1` + long[1:] + `"…`},
		{"may ping\ndrop", `line 1: want "reply" before "ping"`},
		{"drop now", `line 1: what is "now"?`},
		{"drop,", `line 1: what is ","?`},
		{"informational 5\ndrop", `line 1: what is "5"?`},
		{"send\ndrop", `line 1: no frame is called ""`},
		{"send text,\ndrop", `line 1: no frame is called ""`},
		{"send text \"a\" \"b\"\ndrop", `line 1: what is "\"b\""?`},
		{"send text ping\ndrop", `line 1: what is "ping"?`},
		{"send opcode2\ndrop", `line 1: no frame is called "opcode2"`},
		{"send opcode16\ndrop", `line 1: no frame is called "opcode16"`},

		// numbers and options
		{"send text fin=2\ndrop", `line 1: want fin=N with N up to 1, got "2"`},
		{"send text rsv=8\ndrop", `line 1: want rsv=N with N up to 7, got "8"`},
		{"send text rsv=\ndrop", `line 1: want rsv=N with N up to 7, got ""`},
		{"send text rsv=1 fin=0\ndrop", `line 1: what is "fin=0"?`},
		{"send text mask=right\ndrop", `line 1: what is "mask=right"?`},
		{"send text length=18446744073709551616\ndrop", `line 1: want length=N with N up to 18446744073709551615, got "18446744073709551616"`},
		{"send text length=-1\ndrop", `line 1: want length=N with N up to 18446744073709551615, got "-1"`},
		{"send text form=8\ndrop", `line 1: a length has 7, 16 or 64 bits, not 8`},
		{"send text form=65\ndrop", `line 1: want form=N with N up to 64, got "65"`},
		{"send text octets=1 \"abc\"\ndrop", `line 1: want octets=I:J with I below J, got "1"`},
		{"send text octets=0:0 \"abc\"\ndrop", `line 1: want octets=I:J with I below J, got "0:0"`},
		{"send text octets=2:1 \"abc\"\ndrop", `line 1: want octets=I:J with I below J, got "2:1"`},
		{"send text octets=1:4 \"abc\"\ndrop", `line 1: octets=1:4 of a payload of 3`},
		{"send text octets=-1:2 \"abc\"\ndrop", `line 1: want octets=I:J with I below J, got "-1:2"`},
		{"send chop=x text\ndrop", `line 1: want chop=N with N up to 67108864, got "x"`},
		{"send chop=1 cut=1 text\ndrop", `line 1: chop= or cut=, not both`},
		{"send cut=2,1 text\ndrop", `line 1: want cut=I,J with octets up to 67108864, rising, got "2,1"`},
		{"send cut=0 text\ndrop", `line 1: want cut=I,J with octets up to 67108864, rising, got "0"`},
		{"send cut=1, text\ndrop", `line 1: want cut=I,J with octets up to 67108864, rising, got "1,"`},
		{"send cut=1,67108865 text\ndrop", `line 1: want cut=I,J with octets up to 67108864, rising, got "1,67108865"`},
		{"send cut= text\ndrop", `line 1: want cut=I,J with octets up to 67108864, rising, got ""`},
		{"send upto=0 text\ndrop", `line 1: upto=0 sends nothing: leave the step out`},
		{"send upto=67108865 text\ndrop", `line 1: want upto=N with N up to 67108864, got "67108865"`},
		{"request upto=9 chop=1\ndrop", `line 1: want "as" before ""`},
		{"octets text\ndrop", `line 1: want octets in quotes, got "text"`},
		{"octets \"a\", \"b\"\ndrop", `line 1: what is ", \"b\""?`},
		{"octets\ndrop", `line 1: want octets in quotes, got ""`},
		{"send close 65536\ndrop", `line 1: want a number up to 65535, got "65536"`},
		{"rally 3 text json[:0]\ndrop", `line 1: want a slice of 1 to 194056 of json, got "0"`},
		{"rally 3 text html[:263621]\ndrop", `line 1: want a slice of 1 to 263620 of html, got "263621"`},
		{"rally 3 text json[:x]\ndrop", `line 1: want a slice of 1 to 194056 of json, got "x"`},
		{"rally 3 text json\ndrop", `line 1: what is "json"?`},
		{"rally 3 text xml[:5]\ndrop", `line 1: what is "xml[:5]"?`},
		{"rally 3 ping json[:5]\ndrop", `line 1: only text and binary are cut and compressed, not ping`},
		{"rally 3 ping \"x\" fragment=1\ndrop", `line 1: only text and binary are cut and compressed, not ping`},
		{"rally 3 text \"a\" json[:5]\ndrop", `line 1: what is "json[:5]"?`},
		{"rally 3 ping \"x\" blocks=stored\ndrop", `line 1: only text and binary are cut and compressed, not ping`},
		{"rally 3 text \"x\" blocks=last\ndrop", `line 1: what is "blocks=last"?`},
		{"offered x\ndrop", `line 1: no parameter of permessage-deflate is called "x"`},
		{"offered -\ndrop", `line 1: no parameter of permessage-deflate is called ""`},
		{"offered server_max_window_bits,\ndrop", `line 1: no parameter of permessage-deflate is called ""`},
		{"offered server_max_window_bits<x\ndrop", `line 1: want NAME<N with N from 1 to 255, got "server_max_window_bits<x"`},
		{"offered server_max_window_bits<0\ndrop", `line 1: want NAME<N with N from 1 to 255, got "server_max_window_bits<0"`},
		{"offered server_max_window_bits server_no_context_takeover\ndrop", `line 1: what is "server_no_context_takeover"?`},
		{"must fail 1002,1007", `line 1: want a number up to 65535, got ""`},
		{"must fail x", `line 1: want a number up to 65535, got "x"`},
		{"quiet\ndrop", `line 1: want a time from 0s to 24h0m0s such as 1s, got ""`},
		{"quiet 1\ndrop", `line 1: want a time from 0s to 24h0m0s such as 1s, got "1"`},
		{"quiet -1s\ndrop", `line 1: want a time from 0s to 24h0m0s such as 1s, got "-1s"`},
		{"stall 25h\ndrop", `line 1: want a time from 0s to 24h0m0s such as 1s, got "25h"`},
		{"should fail 1007 in 1s\ndrop", `line 1: want "within" before "in 1s"`},
		{"rally x text\ndrop", `line 1: want a number up to 1000000, got "x"`},

		// payloads
		{"send text \"abc\ndrop", `line 1: no string in quotes, as Go has them: "\"abc"`},
		{"send text \"\\q\"\ndrop", `line 1: no string in quotes, as Go has them: "\"\\q\""`},
		{"send text 'a'\ndrop", `line 1: what is "'a'"?`},
		{"send text \"a\"*\ndrop", `line 1: want a payload of at most 67108864 octets, got "" × 1`},
		{"send text \"a\"*-1\ndrop", `line 1: want a payload of at most 67108864 octets, got "-1" × 1`},
		{"send text \"a\"[:9\ndrop", `line 1: want ] after "[:9"`},
		{"send text \"a\"[:x]\ndrop", `line 1: want a payload of at most 67108864 octets, got "x" × 1`},
		{"send text \"a\"[9]\ndrop", `line 1: what is "[9]"?`},
		{"send text \"\"[:9]\ndrop", `line 1: 9 octets of nothing`},

		// what is awaited
		{"must text \"a\"\ndrop", `line 1: text is no frame of the protocol itself; what a device answers is a reply`},
		{"should continuation\ndrop", `line 1: continuation is no frame of the protocol itself; what a device answers is a reply`},
		{"reply pong\ndrop", `line 1: a device replies to text and binary, not to pong; what the protocol answers is a must`},
		{"may reply text, continuation\ndrop", `line 1: a device replies to text and binary, not to continuation; what the protocol answers is a must`},

		{"send text key=0\ndrop", `line 1: want key=XXXXXXXX, eight hexadecimal digits, got "0"`},
		{"send text key=0000000g\ndrop", `line 1: want key=XXXXXXXX, eight hexadecimal digits, got "0000000g"`},
		{"send text key=0000000000\ndrop", `line 1: want key=XXXXXXXX, eight hexadecimal digits, got "0000000000"`},
		{"tolerate 1002 ping\ndrop", `line 1: a device replies to text and binary, not to ping; what the protocol answers is a must`},
		{"obey SRS-99\ndrop", `line 1: no requirement row is called "SRS-99"`},
		{"given up\ndrop", `line 1: want one of [origins paths auth], got "up"`},
		{"should not close", `line 1: want "fail" before "close"`},
		{"must let be", `line 1: want "go" before "be"`},

		// handshakes
		{"request every=x\ndrop", `line 1: want a time from 0s to 24h0m0s such as 1s, got "x"`},
		{"request \"x\"\ndrop", `line 1: no edit of a handshake begins so: "\"x\""`},
		{"request ,\ndrop", `line 1: no edit of a handshake begins so: ""`},
		{"request Host\ndrop", `line 1: want "as" before ""`},
		{"request Host: a b\ndrop", `line 1: what is "b"?`},
		{"request Host: \"a\ndrop", `line 1: no string in quotes, as Go has them: "\"a"`},

		// blocks
		{"beside {\ndrop\n}\ndrop", `line 1: want a number up to 1000, got "{"`},
		{"beside 2\ndrop\n}\ndrop", `line 1: want "{" before ""`},
		{"beside 2 { drop }\ndrop", `line 1: what is "drop }"?`},
		{"beside 2 {\n}\ndrop", `line 2: the script has no ending such as close 1000 or must fail 1002`},
		{"beside 2 {\ndrop\ndrop", `line 3: nothing comes after the ending, but here is "drop"`},
		{"beside 2 {\ndrop\n", `line 2: the block has no }`},
		{"beside 2 {\nbeside 2 {\ndrop\n}\ndrop\n}\ndrop", `line 2: a beside within a beside`},
		{"beside 2 {\nsend x\n}\ndrop", `line 2: no frame is called "x"`},
		{"beside 2 {\ndrop\n} drop", `line 3: nothing comes after the ending, but here is "} drop"`},
	} {
		checkError(t, c.text, c.want)
	}
}

// What asks for too much is refused before it is granted.
func TestParseScriptBounds(t *testing.T) {
	deep := strings.Repeat("beside 1 {\n", 1<<18) + strings.Repeat("}\n", 1<<18)
	for _, c := range []struct{ text, want string }{
		{"send text \"a\"*67108865\ndrop", `line 1: want a payload of at most 67108864 octets, got "67108865" × 1`},
		{"send text \"abc\"*22369622\ndrop", `line 1: want a payload of at most 67108864 octets, got "22369622" × 3`},
		{"send text \"a\"*99999999999999999999\ndrop", `line 1: want a payload of at most 67108864 octets, got "99999999999999999999" × 1`},
		{"send text \"ab\"*9223372036854775809\ndrop", `line 1: want a payload of at most 67108864 octets, got "9223372036854775809" × 2`},
		{"send text \"a\"[:67108865]\ndrop", `line 1: want a payload of at most 67108864 octets, got "67108865" × 1`},
		{"send fragment=1 text \"a\"*67108864\ndrop", `line 1: more than 1048576 fragments`},
		{"send fragment=1 text octets=0:1 \"ab\"\ndrop", `line 1: octets= of a frame that is cut into fragments`},
		{"send close 1000 \"a\"*65537\ndrop", `line 1: a reason of 65537 octets; beside a status it may have at most 65536`},
		{"rally 1000001 text\ndrop", `line 1: want a number up to 1000000, got "1000001"`},
		{"beside 1001 {\ndrop\n}\ndrop", `line 1: want a number up to 1000, got "1001"`},
		{strings.Repeat("send ping\n", 10001) + "drop", `line 10001: more than 10000 steps`},
		{"send text \"" + strings.Repeat("x", 4<<20), `a script of 4194315 octets; at most 4194304 are read`},
		{"send text \"" + strings.Repeat("x", 1<<20), `line 1: no string in quotes, as Go has them: "\"` + strings.Repeat("x", 59) + `"…`},
		{strings.Repeat("\n", 4<<20-1), `line 4194303: the script has no ending such as close 1000 or must fail 1002`},
		{strings.Repeat("x", 4<<20), `line 1: no step begins so: "` + strings.Repeat("x", 60) + `"…`},
		{deep, `line 2: a beside within a beside`},
	} {
		if got := allocated(func() { checkError(t, c.text, c.want) }); got > uint64(25*len(c.text))+1<<20 {
			t.Errorf("%d octets allocated for %.40q", got, c.text)
		}
	}
	most := "send fragment=64 text \"a\"*67108863\nrally 1000000 text\nstall 24h\nbeside 1000 {\ndrop\n}\ndrop"
	if _, err := ParseScript(most); err != nil {
		t.Errorf("at the bounds: %v", err)
	}
	if _, err := ParseScript(strings.Repeat("send ping\n", 9999) + "drop"); err != nil {
		t.Errorf("10000 steps: %v", err)
	}
	frames := "send " + strings.Repeat("pong,", (4<<20)/5-4) + "pong\ndrop"
	var err error
	if got := allocated(func() { _, err = ParseScript(frames) }); err != nil || got > 1<<29 {
		t.Errorf("%d octets allocated for a step of many frames, error %v", got, err)
	}
}

func checkError(t *testing.T, text, want string) {
	t.Helper()
	s, err := ParseScript(text)
	if err == nil || err.Error() != want || s != nil {
		t.Errorf("%.60q\ngives %.60v, error %.300v\nwant %s", text, s, err, want)
	}
}

func TestParseCaseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  `line 1: no case in the text`,
		"\n#\n":                             `line 2: no case in the text`,
		"1.1 A title RFC 6455 §5.1\ndrop":   `line 1: want ID, title and clause, two blanks between them, got "1.1 A title RFC 6455 §5.1"`,
		"1.1  A title\ndrop":                `line 1: want ID, title and clause, two blanks between them, got "1.1  A title"`,
		"a 1.1  A title  §5.1\ndrop":        `line 1: want ID, title and clause, two blanks between them, got "a 1.1  A title  §5.1"`,
		"1.1  A title  §5.1  may  x\ndrop":  `line 1: want ID, title and clause, two blanks between them, got "1.1  A title  §5.1  may  x"`,
		"1.1  A title  §5.1  perhaps\ndrop": `line 1: no level is called "perhaps"`,
		"1.1  A title  §5.1":                `line 1: the script has no ending such as close 1000 or must fail 1002`,
		"1.1  A title  §5.1\nsend x\ndrop":  `line 2: no frame is called "x"`,
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}
