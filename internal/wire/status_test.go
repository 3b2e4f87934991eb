package wire_test

import (
	"slices"
	"testing"

	. "wsprobe/internal/wire"
)

func TestSendable(t *testing.T) {
	type span struct{ from, to int }
	sendable := []span{{1000, 1003}, {1007, 1014}, {3000, 4999}}
	for code := range 1 << 16 {
		want := slices.ContainsFunc(sendable, func(s span) bool { return code >= s.from && code <= s.to })
		if got := StatusCode(code).Sendable(); got != want {
			t.Errorf("%d: %v, want %v", code, got, want)
		}
	}
}

func TestSplitClose(t *testing.T) {
	for _, c := range []struct {
		payload string
		code    StatusCode
		reason  string
		ok      bool
	}{
		{"", 0, "", false},
		{"\x03", 0, "", false},
		{"\x03\xe8", NormalClosure, "", true},
		{"\x03\xe8bye", NormalClosure, "bye", true},
		{"\xff\xff", 65535, "", true},
		{"\x00\x00\x00", 0, "\x00", true},
	} {
		code, reason, ok := SplitClose([]byte(c.payload))
		if code != c.code || string(reason) != c.reason || ok != c.ok {
			t.Errorf("%q: %d, %q, %v", c.payload, code, reason, ok)
		}
	}
}

// Each code that may not be sent is named with what RFC 6455 says of it.
func TestWhyCodesAreNotSent(t *testing.T) {
	for code, want := range map[StatusCode]string{
		0:     "a close with status 0, which is not used (RFC 6455 §7.4.2)",
		999:   "a close with status 999, which is not used (RFC 6455 §7.4.2)",
		1004:  "a close with status 1004, which is reserved (RFC 6455 §7.4.1)",
		1005:  "a close with status 1005, which no endpoint may send (RFC 6455 §7.4.1)",
		1006:  "a close with status 1006, which no endpoint may send (RFC 6455 §7.4.1)",
		1015:  "a close with status 1015, which no endpoint may send (RFC 6455 §7.4.1)",
		1016:  "a close with status 1016, which is reserved (RFC 6455 §7.4.2)",
		2999:  "a close with status 2999, which is reserved (RFC 6455 §7.4.2)",
		5000:  "a close with status 5000, which RFC 6455 has no range for (RFC 6455 §7.4.2)",
		65535: "a close with status 65535, which RFC 6455 has no range for (RFC 6455 §7.4.2)",
	} {
		payload := []byte{byte(code >> 8), byte(code)}
		if found := CheckClose(payload, Client); len(found) != 1 || found[0].Error() != want {
			t.Errorf("%v, want %s", found, want)
		}
	}
}

func TestCheckClose(t *testing.T) {
	for _, c := range []struct {
		payload string
		from    Role
		want    []string
	}{
		{"", Server, nil},
		{"\x03\xe8", Server, nil},
		{"\x03\xe8bye", Client, nil},
		{"\x03\xf2", Client, nil},         // 1010
		{"\x03\xf3", Client, nil},         // 1011, errata 3227
		{"\x0b\xb8\xc2\xb5", Server, nil}, // 3000
		{"\x03", Server, []string{"CLS-21"}},
		{"\x03\xed", Server, []string{"COD-02"}}, // 1005
		{"\x03\xe7", Client, []string{"COD-02"}}, // 999
		{"\x13\x88", Client, []string{"COD-02"}}, // 5000
		{"\x03\xf2", Server, []string{"COD-13"}}, // 1010
		{"\x03\xe8\xff", Server, []string{"CLS-21"}},
		{"\x03\xee\xed\xa0\x80", Server, []string{"COD-02", "CLS-21"}}, // 1006
	} {
		if got := rowsOf(CheckClose([]byte(c.payload), c.from)); !slices.Equal(got, c.want) {
			t.Errorf("%q from a %v: %v, want %v", c.payload, c.from, got, c.want)
		}
	}
}
