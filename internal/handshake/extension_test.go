package handshake_test

import (
	"reflect"
	"strings"
	"testing"

	. "wsprobe/internal/handshake"
)

func TestParseExtensions(t *testing.T) {
	bits := func(p Param) Extension { return Extension{"permessage-deflate", []Param{p}} }
	for _, c := range []struct {
		list string
		want []Extension
	}{
		{"", nil},
		{" , ,\t", nil},
		{"a", []Extension{{Name: "a"}}},
		{"a,,b ,", []Extension{{Name: "a"}, {Name: "b"}}},
		{"permessage-deflate; client_max_window_bits", []Extension{bits(Param{Name: "client_max_window_bits"})}},
		{"permessage-deflate;b=10", []Extension{bits(Param{"b", "10", true, false})}},
		{"permessage-deflate ; b = \t10", []Extension{bits(Param{"b", "10", true, false})}},
		{`permessage-deflate; b="10"`, []Extension{bits(Param{"b", "10", true, true})}},
		{`permessage-deflate; b="\1\0"`, []Extension{bits(Param{"b", "10", true, true})}},
		{"a; b; c=d, e", []Extension{{"a", []Param{{Name: "b"}, {"c", "d", true, false}}}, {Name: "e"}}},
		{"constructor", []Extension{{Name: "constructor"}}},
		{"a" + strings.Repeat(" ", 4096), []Extension{{Name: "a"}}},
	} {
		got, err := ParseExtensions(c.list)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%.60q: %v, error %v, want %v", c.list, got, err, c.want)
		}
	}
}

func TestParseExtensionsFaults(t *testing.T) {
	for list, want := range map[string]string{
		"=;":              `octet 0: no extension name at "=;"`,
		"a;;b":            `octet 2: no parameter name at ";b"`,
		"a;":              `octet 2: no parameter name at ""`,
		"a; b=":           `octet 5: no parameter value at ""`,
		"a b":             `octet 2: neither "," nor ";" at "b"`,
		`a; b="c" d`:      `octet 9: neither "," nor ";" at "d"`,
		`a; b="`:          `octet 6: quote without end at ""`,
		`a; b="\c\c\c\`:   `octet 6: quote without end at "\\c\\c\\c\\"`,
		`a; b=""`:         `octet 6: quoted value is no token at "\""`,
		`a; b="c, d"`:     `octet 6: quoted value is no token at "c, d\""`,
		"\x00":            `octet 0: no extension name at "\x00"`,
		"a, b; c=\xff, d": `octet 8: no parameter value at "\xff, d"`,
	} {
		got, err := ParseExtensions(list)
		if err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", list, err, want)
		}
		if strings.HasPrefix(list, "a,") && (len(got) != 1 || got[0].Name != "a") {
			t.Errorf("%q: %v before the fault, want a", list, got)
		}
	}
}

// The pattern of CVE-2020-7662: a quote without end made a regular expression
// try every way to split the escapes. An exponential or cubic reader would not
// come back from this in the lifetime of the test, a quadratic one hardly.
func TestParseExtensionsIsLinear(t *testing.T) {
	for _, list := range []string{
		`a; b="` + strings.Repeat(`\c`, 1<<22),
		"a" + strings.Repeat(";", 1<<22),
		strings.Repeat("a; b=\"c\", ", 1<<19),
		strings.Repeat(" ,\t", 1<<22),
		strings.Repeat("a ", 1<<22),
	} {
		ParseExtensions(list)
	}
}

func TestAppendExtensions(t *testing.T) {
	list := []Extension{
		{"a", []Param{{Name: "b"}, {"c", "d", true, false}, {"e", "f", true, true}}},
		{"x", []Param{{"y", `"\ `, true, true}, {"z", "", true, false}, {"w", "kept quiet", false, false}}},
	}
	const want = `a; b; c=d; e="f", x; y="\"\\ "; z=; w`
	if got := string(AppendExtensions(nil, list...)); got != want {
		t.Errorf("written %s, want %s", got, want)
	}
	if got := list[0].String(); got != `a; b; c=d; e="f"` {
		t.Errorf("string %s", got)
	}
}

func TestHeaderExtensions(t *testing.T) {
	h := Header{{"Sec-WebSocket-Extensions", "a; b"}, {"sec-websocket-extensions", "c"}}
	want := []Extension{{"a", []Param{{Name: "b"}}}, {Name: "c"}}
	if got, err := h.Extensions(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("extensions %v, error %v, want %v", got, err, want)
	}
}
