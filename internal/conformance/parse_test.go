package conformance_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Every step and every option of it, in both forms.
var steps = []struct {
	step Step
	text string
}{
	{Send(Text("a")), `send text "a"`},
	{Send(Text(""), Ping("x"), Continuation("b").NoFin()), `send text, ping "x", continuation fin=0 "b"`},
	{SendChopped(7, Binary("\xfe")), `send chop=7 binary "\xfe"`},
	{SendFragmented(2, Text("abcde").NoFin(), Continuation("")), `send fragment=2 text fin=0 "abcde", continuation`},
	{SendStep{Frames: []Frame{Text("abc")}, Pace: Pace{Chop: 1}, Fragment: 2}, `send chop=1 fragment=2 text "abc"`},
	{SendStep{Frames: []Frame{Text("abc"), Ping("")}, Pace: Pace{Cut: []int{1, 3}, Every: 2 * time.Millisecond}}, `send cut=1,3 every=2ms text "abc", ping`},
	{SendStep{Frames: []Frame{Text("abc")}, Pace: Pace{Cut: []int{7}, After: time.Second, Upto: 9}}, `send cut=7 after=1s upto=9 text "abc"`},
	{SendOctets("\x81\x05hel"), `octets "\x81\x05hel"`},
	{OctetsStep{Repeated("GET ", 4000), Pace{Chop: 9, Every: time.Second, Upto: 1}}, `octets chop=9 every=1s upto=1 "GET "*1000`},
	{Send(Text("a").RSV(7).WronglyMasked().Claiming(1 << 63).Spelled(wire.Form64)),
		`send text rsv=7 mask=wrong length=9223372036854775808 form=64 "a"`},
	{Send(Text("").WronglyMasked(), Text("").WronglyMasked()), `send text mask=wrong, text mask=wrong`},
	{Send(Text("").Claiming(0)), `send text length=0`},
	{Send(Text("").Spelled(wire.Form7), Text("").Spelled(wire.Form16)), `send text form=7, text form=16`},
	{Send(Text("abc").Part(0, 1), Text("abc").Part(1, 3)), `send text octets=0:1 "abc", text octets=1:3 "abc"`},
	{Send(Reserved(3, "a"), Reserved(15, "")), `send opcode3 "a", opcode15`},
	{Send(Close(1000), Close(1000, "bye"), RawClose(""), RawClose("a"), Close(65535)),
		`send close 1000, close 1000 "bye", close, close "a", close 65535`},
	{Send(Close(1000, strings.Repeat("*", 124))), `send close 1000 "*"*124`},
	{Send(RawClose(Repeated("*", 1<<20))), `send close "*"*1048576`},
	{Send(Text(`"quoted", and more`)), `send text "\"quoted\", and more"`},
	{Reply(Text("a"), Binary("b")), `reply text "a", binary "b"`},
	{MayReply(Text("a")), `may reply text "a"`},
	{Must(Pong("a"), Pong("")), `must pong "a", pong`},
	{Should(Pong("a")), `should pong "a"`},
	{Quiet(time.Second), `quiet 1s`},
	{Quiet(1500 * time.Millisecond), `quiet 1.5s`},
	{Quiet(0), `quiet 0s`},
	{ShouldFail(100*time.Second, 1007), `should fail 1007 within 100s`},
	{Rally(1000, Text(Repeated("*", 64))), `rally 1000 text "*"*64`},
	{RallySlices(1000, Text(""), Slice{JSON, 256}, 0), `rally 1000 text json[:256]`},
	{RallySlices(9, Binary("").RSV(2), Slice{Packed, 1}, 64), `rally 9 binary rsv=2 packed[:1] fragment=64`},
	{RallyStep{Count: 3, Message: Text("abc"), Fragment: 2}, `rally 3 text "abc" fragment=2`},
	{InBlocks(Several, RallySlices(2, Text(""), Slice{JSON, 64}, 9)), `rally 2 text json[:64] fragment=9 blocks=several`},
	{InBlocks(Stored, Rally(2, Binary("a"))), `rally 2 binary "a" blocks=stored`},
	{Within(250 * time.Millisecond), `within 250ms`},
	{Inform(), `informational`},
	{Stall(5 * time.Second), `stall 5s`},
	{Unanswered(time.Second), `unanswered 1s`},
	{Tolerate(1002, Text("a"), Binary("")), `tolerate 1002 text "a", binary`},
	{StillThere(), `still there`},
	{Open(), `open`},
	{HalfClose(), `half-close`},
	{Obey("SRS-05"), `obey SRS-05`},
	{Given(HasOrigins), `given origins`},
	{Send(Text("a").WithKey([4]byte{}), Text("").WithKey([4]byte{0xde, 0xad, 0xbe, 0xef})), `send text key=00000000 "a", text key=deadbeef`},
	{Beside(4, Script{Send(Ping("")), Must(Pong("")), CloseNormally()}), "beside 4 {\n\tsend ping\n\tmust pong\n\tclose 1000\n}"},
}

var openings = []struct {
	step Step
	text string
}{
	{Request(), `request`},
	{Request(Set("Sec-WebSocket-Version", "12"), Add("X", "a, b"), Remove("Origin"), Rename("Host", "hOST")),
		`request Sec-WebSocket-Version: "12", +X: "a, b", -Origin, Host as "hOST"`},
	{RequestChopped(1, StartLine("GET / HTTP/1.0"), RawLine(" folded"), LineEnd("\n"), Reverse()),
		`request chop=1 start "GET / HTTP/1.0", line " folded", end "\n", reverse`},
	{Request(Reverse(), Set("X", Repeated("x", 1<<20))), `request reverse, X: "x"*1048576`},
	{RequestChopped(3), `request chop=3`},
	{RequestPaced(3, 50*time.Millisecond, Remove("Host")), `request chop=3 every=50ms -Host`},
	{RequestStep{[]Edit{Remove("Host")}, Pace{Cut: []int{1, 2, 30}, Upto: 40}}, `request cut=1,2,30 upto=40 -Host`},
	{ResponseStep{Pace: Pace{Upto: 12}}, `response upto=12`},
	{ResponseAfter(time.Second), `response after=1s`},
	{ResponsePaced(1, time.Second), `response chop=1 every=1s`},
	{Response(Remove("Upgrade")), `response -Upgrade`},
	{ResponseChopped(2, Set("Upgrade", "")), `response chop=2 Upgrade: ""`},
	{Together(Text("early"), Ping("")), `together text "early", ping`},
	{Deflate(), `deflate`},
	{Deflate(""), `deflate`},
	{Deflate("no_context_takeover; max_window_bits=9", ""), `deflate no_context_takeover; max_window_bits=9, plain`},
	{Offered(), `offered`},
	{Offered(OfferedParam{Name: "server_max_window_bits", Below: 15}, OfferedParam{Name: "client_max_window_bits", Absent: true}),
		`offered server_max_window_bits<15, -client_max_window_bits`},
	{Offered(OfferedParam{Name: "server_no_context_takeover"}), `offered server_no_context_takeover`},
}

var endings = []struct {
	ending Ending
	text   string
}{
	{CloseNormally(), "close 1000"},
	{MustAnswer(1000, 4999), "must answer 1000 4999"},
	{MustAnswer(), "must answer"},
	{MustReject(1002), "must reject 1002"},
	{MustFail(1002, 1007), "must fail 1002 1007"},
	{MustRefuse(400, 426), "must refuse 400 426"},
	{MustRefuse(), "must refuse"},
	{MustRefuseVersion(426), "must refuse version 426"},
	{MustLetGo(), "must let go"},
	{MayRefuse(431), "may refuse 431"},
	{MayFail(1002, 1010), "may fail 1002 1010"},
	{MayFail(), "may fail"},
	{ShouldNotFail(1002), "should not fail 1002"},
	{ShouldNotFail(), "should not fail"},
	{Drop(), "drop"},
	{Reset(), "reset"},
}

func TestStepsPrintAndParse(t *testing.T) {
	check := func(text string, want Script) {
		t.Helper()
		got, err := ParseScript(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads as\n%v, error %v, want\n%v", text, got, err, want)
		}
		if printed := want.String(); strings.ReplaceAll(printed, ", \n", ",\n") != text {
			t.Errorf("prints as\n%s, want\n%s", printed, text)
		}
	}
	for _, c := range steps {
		check(c.text+"\ndrop\n", Script{c.step, Drop()})
	}
	for _, c := range openings {
		check(c.text+"\ndrop\n", Script{c.step, Drop()})
	}
	for _, c := range endings {
		check(c.text+"\n", Script{c.ending})
	}
}

// The example in the package's words is a case of the catalogue.
func TestPackageExample(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	example := "//\t" + strings.ReplaceAll(strings.TrimSpace(caseOf(t, "5.6").String()), "\n", "\n//\t")
	if !strings.Contains(string(source), example) {
		t.Errorf("doc.go does not have\n%s", example)
	}
}

// What is written otherwise means the same.
func TestParseIsLenient(t *testing.T) {
	for text, want := range map[string]string{
		"\n# why\n\n  drop \r\n\n":                     "drop",
		"send   text   \"a\" ,  ping\ndrop":            "send text \"a\", ping\ndrop",
		"send text fin=1 \"a\"\ndrop":                  "send text \"a\"\ndrop",
		"send chop=0 fragment=0 text\ndrop":            "send text\ndrop",
		"send every=0s cut=2   text\ndrop":             "",
		"send cut=2   every=0s text\ndrop":             "send cut=2 text\ndrop",
		"send text rsv=0 \"\"\ndrop":                   "send text\ndrop",
		"request Sec-WebSocket-Version: 12\ndrop":      "request Sec-WebSocket-Version: \"12\"\ndrop",
		"request start x, Host: y, Host as HOST\ndrop": "request start \"x\", Host: \"y\", Host as \"HOST\"\ndrop",
		"quiet 1m40s\ndrop":                            "quiet 100s\ndrop",
		"send text `a\\x`\ndrop":                       "",
		"rally 1 text blocks=any\ndrop":                "rally 1 text\ndrop",
		"beside 2 {\n# inside\n drop\n }\ndrop":        "beside 2 {\n\tdrop\n}\ndrop",
	} {
		got, err := ParseScript(text)
		if want == "" {
			if err == nil {
				t.Errorf("%q reads as %v", text, got)
			}
			continue
		}
		if err != nil || strings.TrimSpace(got.String()) != want {
			t.Errorf("%q reads as\n%v, error %v, want\n%s", text, got, err, want)
		}
	}
}

func TestParseCase(t *testing.T) {
	const head = "SRQ.11.3  A request of version 12  RFC 6455 §4.2.1"
	want := Case{"SRQ.11.3", "RFC 6455 §4.2.1", "A request of version 12", LevelMust, Script{MustRefuse(426)}}
	for text, level := range map[string]Level{
		head + "\nmust refuse 426\n":                                         LevelMust,
		head + "  must\nmust refuse 426":                                     LevelMust,
		"# found by chance\n\n" + head + "  should\nmust refuse 426":         LevelShould,
		strings.ReplaceAll(head, "  ", "\t\t ") + "   info\nmust refuse 426": LevelInfo,
	} {
		want.Level = level
		got, err := Parse(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q reads as\n%v, error %v", text, got, err)
		}
	}
}

// A case keeps its script in textual form in JSON too.
func TestCaseJSON(t *testing.T) {
	want := caseOf(t, "5.4")
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const wantText = `{"id":"5.4","spec":"RFC 6455 §5.4","title":"A text message in two fragments, one frame a write","level":"must",` +
		`"script":"send text fin=0 \"fragment1\"\nsend continuation \"fragment2\"\nreply text \"fragment1fragment2\"\nclose 1000\n"}`
	if string(text) != wantText {
		t.Errorf("%s, want %s", text, wantText)
	}
	var got Case
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("comes back as %v, error %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"script":"send x"}`), &got); err == nil || err.Error() != `line 1: no frame is called "x"` {
		t.Errorf("error %v", err)
	}
}
