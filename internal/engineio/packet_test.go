package engineio

import (
	"slices"
	"strings"
	"testing"
)

func TestFramings(t *testing.T) {
	for _, test := range []struct {
		framing Framing
		body    string
		packets []string
	}{
		{Separated, "4hello\x1e2\x1e4€", []string{"4hello", "2", "4€"}},
		{Separated, "bAQID", []string{"b"}},
		{Counted, "6:4hello2:4€3:4😀", []string{"4hello", "4€", "4😀"}}, // units of UTF-16
		{Counted, "2:40", []string{"40"}},
		{Counted, "10:b4AQIDBAUG1:2", []string{"b", "2"}},
		{Binary, "\x00\x02\xff40\x00\x01\xff6", []string{"40", "6"}},
		{Binary, "\x00\x01\x03\xff4hello wörld", []string{"4hello wörld"}}, // octets
		{Binary, "\x01\x03\xff\x04\x00\x01\x00\x01\xff2", []string{"b", "2"}},
	} {
		got, err := test.framing.Decode(test.body)
		if err != nil || !slices.Equal(got, test.packets) {
			t.Errorf("%d %q: got %q, error %v, want %q", test.framing, test.body, got, err, test.packets)
		}
	}
}

func TestEncode(t *testing.T) {
	packets := []string{`0{"sid":"abc123","upgrades":["websocket"],"pingInterval":3000,"pingTimeout":60000}`, "40", "4€😀"}
	for framing, want := range map[Framing]string{
		Separated: packets[0] + "\x1e40\x1e4€😀",
		Counted:   "82:" + packets[0] + "2:404:4€😀",
		Binary:    "\x00\x08\x02\xff" + packets[0] + "\x00\x02\xff40\x00\x08\xff4€😀",
	} {
		if got := string(framing.Encode(nil, packets...)); got != want {
			t.Errorf("%d: got %q, want %q", framing, got, want)
		}
	}
}

func TestBadBodies(t *testing.T) {
	for _, test := range []struct {
		framing Framing
		body    string
		want    error
	}{
		{Separated, "", errEmptyPacket},
		{Separated, "2\x1e", errEmptyPacket},
		{Separated, "4\xff", errUTF8},
		{Counted, "", errLength},
		{Counted, "2", errLength},
		{Counted, ":2", errLength},
		{Counted, "-1:2", errLength},
		{Counted, "+1:2", errLength},
		{Counted, "0:", errEmptyPacket},
		{Counted, "3:40", errShort},
		{Counted, "99999999999999999999:4", errLength},
		{Counted, "2:4😀", errShort}, // ends within the character
		{Counted, "1:2\xff", errLength},
		{Binary, "", errElement},
		{Binary, "\x02\x01\xff2", errElement},
		{Binary, "\x00", errLength},
		{Binary, "\x00\xff2", errLength},
		{Binary, "\x00\x0a\xff2", errLength},
		{Binary, "\x00\x02\xff2", errShort},
		{Binary, "\x00\x09\x09\x09\x09\x09\x09\x09\x09\x09\xff2", errLength},
		{Binary, "\x00\x00\xff", errEmptyPacket},
		{Binary, "\x00\x02\xff4\xff", errUTF8},
	} {
		if got, err := test.framing.Decode(test.body); err != test.want {
			t.Errorf("%d %q: got %q, error %v, want %v", test.framing, test.body, got, err, test.want)
		}
	}
}

func TestParsePacket(t *testing.T) {
	for message, want := range map[string]Packet{
		"0":                    {Type: '0', Namespace: "/"},
		"0/":                   {Type: '0', Namespace: "/"},
		"0/admin":              {Type: '0', Namespace: "/admin"},
		"0/admin?a=b,":         {Type: '0', Namespace: "/admin?a=b"},
		`0{"token":1}`:         {Type: '0', Namespace: "/", Data: `{"token":1}`},
		`2["x",1]`:             {Type: '2', Namespace: "/", Data: `["x",1]`},
		`2["message", "a, b"]`: {Type: '2', Namespace: "/", Data: `["message", "a, b"]`},
		`27["x"]`:              {Type: '2', Namespace: "/", ID: "7", Data: `["x"]`},
		`2/a,007["x"]`:         {Type: '2', Namespace: "/a", ID: "007", Data: `["x"]`},
		`312[]`:                {Type: '3', Namespace: "/", ID: "12", Data: `[]`},
		`51-/a,3["x",{"_placeholder":true,"num":0}]`: {Type: '5', Attachments: "1", Namespace: "/a", ID: "3", Data: `["x",{"_placeholder":true,"num":0}]`},
	} {
		if got, err := ParsePacket(message); err != nil || got != want {
			t.Errorf("%q: got %+v, error %v, want %+v", message, got, err, want)
		}
	}
	for _, message := range []string{"", "7", "x", `2["x"`, `2["x"]]`, `2{'x':1}`, "5[]", "5-[]", "5x-[]", "2123456789012345678901[]", "2-1[]"} {
		if got, err := ParsePacket(message); err == nil {
			t.Errorf("%q: got %+v, and no error", message, got)
		}
	}
}

func TestParseEvent(t *testing.T) {
	for data, want := range map[string]event{
		`["x"]`:                       {"x", "", "[]"},
		` [ "x" , 1.50 , {"a" :2} ] `: {"x", "1.50", `[1.50 , {"a" :2} ]`},
		`["x",",",[]]`:                {"x", `","`, `[",",[]]`},
		`["a\u0062",null]`:            {"ab", "null", "[null]"},
	} {
		if got, err := parseEvent(data); err != nil || got != want {
			t.Errorf("%s: got %+v, error %v, want %+v", data, got, err, want)
		}
	}
	for _, data := range []string{"", "1", "[]", "[1]", `{"x":1}`, `"x"`, "[[]]", "[null]"} {
		if got, err := parseEvent(data); err == nil {
			t.Errorf("%s: got %+v, and no error", data, got)
		}
	}
}

func TestGreeting(t *testing.T) {
	for data, want := range map[string]string{
		`["message", "hi from device"]`: `["message","Hello hi from device!"]`,
		`["message","<\"ü\">"]`:         `["message","Hello <\"ü\">!"]`,
		`["message",{"a":"b"}]`:         `["message","Hello {\"a\":\"b\"}!"]`,
		`["message",5,6]`:               `["message","Hello 5!"]`,
	} {
		e, err := parseEvent(data)
		if got := e.greeting(); err != nil || got != want {
			t.Errorf("%s: got %s, error %v, want %s", data, got, err, want)
		}
	}
}

func TestSIDs(t *testing.T) {
	ours, theirs := newIssuer(), newIssuer()
	sid := ours.issue()
	if len(sid) != 20 || sid == ours.issue() || !ours.issued(sid) {
		t.Errorf("sid %q", sid)
	}
	bent := []byte(sid)
	bent[0] ^= 1 // another character of Base64, or none
	for _, other := range []string{"", "abc123", sid[:19], sid + "A", sid + "\n", sid[:19] + "\n", theirs.issue(), string(bent), strings.Repeat("A", 20)} {
		if ours.issued(other) {
			t.Errorf("%q passes for one of ours", other)
		}
	}
}
