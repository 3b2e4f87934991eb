package fuzzing_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
)

// What reads as a case prints as text that reads as the same case, and costs
// what its text costs, however many octets it stands for.
func FuzzParse(f *testing.F) {
	for _, c := range conformance.Catalogue() {
		f.Add(c.String())
	}
	const head = "SRQ.1.1  A title  RFC 6455 §4.2.1  may\n"
	for _, script := range []string{
		"request chop=1 Host: \"a\", +X: b, -Origin, Host as hOST, start \"GET\", line \"x\", end \"\\n\", reverse\nmust refuse 400 426",
		"response reverse\ntogether text \"early\", ping\ndeflate no_context_takeover; max_window_bits=9, \ndrop",
		"beside 4 {\n\tstall 5s\n\tdrop\n}\nwithin 1m40s\nshould pong \"x\"\nmust answer 1000",
		"send chop=7 fragment=2 text fin=0 rsv=7 mask=wrong length=9 form=64 \"abc\"*99, text octets=0:1 \"a\\xff\\u00b5\"\ndrop",
		"send close 1000 \"bye\", close \"a\", close \"\\x03\\xe8abcdefghijklmnopq\"[:99]\ninformational\nmust reject 1002",
		"request cut=1,2 every=1ms after=1s upto=40 -Host\nreset",
		"send cut=1,3 every=2ms text \"a\", ping\nsend upto=2 text \"abc\"\noctets chop=1 \"\\x81\\x05\"*9\nhalf-close\nreset",
		"send opcode3 \"abcdefghijklmnopq\"*3000000\nquiet 1.5s\ndrop",
	} {
		f.Add(head + script)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := conformance.Parse(text)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20+200*uint64(len(text)) {
			t.Errorf("%d octets allocated for %d", used, len(text))
		}
		if err != nil {
			if message := err.Error(); len(message) > 500 || strings.ContainsAny(message, "\r\n") || !strings.HasPrefix(message, "line ") {
				t.Errorf("error %q", message)
			}
			return
		}
		printed := c.String()
		again, err := conformance.Parse(printed)
		if err != nil {
			t.Fatalf("prints as\n%s\nwhich gives %v", printed, err)
		}
		if !reflect.DeepEqual(again, c) {
			t.Errorf("comes back as\n%#v\nwas\n%#v", again, c)
		}
		if second := again.String(); second != printed {
			t.Errorf("prints first as\n%s\nthen as\n%s", printed, second)
		}
		if n := c.Needs(); n.Message < 0 || n.Frame > conformance.MaxPayload || n.Connections < 1 {
			t.Errorf("needs %+v", n)
		}
	})
}
