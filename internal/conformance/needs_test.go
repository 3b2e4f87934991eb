package conformance_test

import (
	"testing"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// caseOf returns a case of the catalogue.
func caseOf(t *testing.T, id ID) Case {
	t.Helper()
	cases, err := Select(Catalogue(), string(id))
	if err != nil {
		t.Fatal(err)
	}
	return cases[0]
}

func script(t *testing.T, text string) Script {
	t.Helper()
	s, err := ParseScript(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNeedsOfCases(t *testing.T) {
	const mB = 1 << 20
	for id, want := range map[ID]Needs{
		"1.1.1":  {Fragments: 1},
		"1.1.8":  {Message: 65536, Frame: 65536, Fragments: 1},
		"2.4":    {},
		"5.3":    {Message: 18, Frame: 9, Fragments: 2},
		"5.19":   {Message: 45, Frame: 9, Fragments: 5, Pause: time.Second},
		"6.1.2":  {Fragments: 3},
		"6.2.3":  {Message: 29, Frame: 1, Fragments: 30},
		"6.4.1":  {Message: 21, Frame: 11, Fragments: 3, Pause: time.Second},
		"6.4.3":  {Message: 21, Frame: 21, Fragments: 2, Pause: time.Second},
		"7.1.6":  {Message: 256 << 10, Frame: 256 << 10, Fragments: 1},
		"9.1.6":  {Message: 16 * mB, Frame: 16 * mB, Fragments: 1},
		"9.3.1":  {Message: 4 * mB, Frame: 64, Fragments: 65537},
		"9.3.9":  {Message: 4 * mB, Frame: 4 * mB, Fragments: 1},
		"9.5.1":  {Message: mB, Frame: mB, Fragments: 1},
		"9.7.4":  {Message: 256, Frame: 256, Fragments: 1},
		"10.1.1": {Message: 65536, Frame: 1300, Fragments: 51},
	} {
		want.Connections = 1
		if got := caseOf(t, id).Needs(); got != want {
			t.Errorf("%s needs %+v, want %+v", id, got, want)
		}
	}
}

func TestNeedsOfScripts(t *testing.T) {
	for _, c := range []struct {
		script string
		want   Needs
	}{
		{"drop", Needs{Connections: 1}},
		{"together text \"early\"\ndrop", Needs{Message: 5, Frame: 5, Fragments: 1, Connections: 1}},
		{"send text fin=0 \"ab\"\nsend ping \"long enough\", continuation \"cde\"\nsend text \"fghi\"\ndrop",
			Needs{Message: 5, Frame: 4, Fragments: 2, Connections: 1}},
		{"deflate\nstall 2s\nquiet 500ms\ndrop", Needs{Deflate: true, Pause: 2500 * time.Millisecond, Connections: 1}},
		{"send text \"a\"\nbeside 4 {\ndeflate\nsend text \"abc\"\nquiet 1s\ndrop\n}\ndrop",
			Needs{Message: 3, Frame: 3, Fragments: 1, Connections: 5, Deflate: true, Pause: time.Second}},
		{"send fragment=4 text \"abc\", text \"abcdefghi\"\ndrop", Needs{Message: 9, Frame: 4, Fragments: 3, Connections: 1}},
		{"send opcode3 \"abc\"\ndrop", Needs{Message: 3, Frame: 3, Fragments: 1, Connections: 1}},
	} {
		if got := script(t, c.script).Needs(); got != c.want {
			t.Errorf("%q needs %+v, want %+v", c.script, got, c.want)
		}
	}
}

func TestFits(t *testing.T) {
	for text, want := range map[string]struct{ server, client bool }{
		"send ping\nmust pong\nclose 1000":                       {true, true},
		"together ping\nmust pong\nclose 1000":                   {true, true},
		"request -Origin\nclose 1000":                            {true, false},
		"response -Upgrade\ndrop":                                {false, true},
		"must refuse 426":                                        {true, false},
		"beside 2 {\nrequest -Origin\nclose 1000\n}\nclose 1000": {true, false},
		"beside 2 {\nclose 1000\n}\nclose 1000":                  {true, true},
	} {
		c := Case{Script: script(t, text)}
		if c.Fits(wire.Server) != want.server || c.Fits(wire.Client) != want.client {
			t.Errorf("%q fits a server: %v, a client: %v", text, c.Fits(wire.Server), c.Fits(wire.Client))
		}
	}
}

func TestEndings(t *testing.T) {
	for _, c := range []struct {
		ending                         Ending
		peerBegins, clean, codeMatters bool
	}{
		{CloseNormally(), false, true, false},
		{MustAnswer(1000), false, true, true},
		{MustReject(1002), false, false, true},
		{MustFail(1002), true, false, false},
		{MustRefuse(426), false, false, false},
		{Drop(), false, false, false},
	} {
		e := c.ending
		if e.PeerBegins() != c.peerBegins || e.Clean() != c.clean || e.CodeMatters() != c.codeMatters {
			t.Errorf("%v: peer begins %v, clean %v, code matters %v", e, e.PeerBegins(), e.Clean(), e.CodeMatters())
		}
	}
}
