package runner

import (
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Where a long message is another than the one that was wanted can be seen.
func TestApart(t *testing.T) {
	long := strings.Repeat("*", 65536)
	for _, c := range []struct {
		want, got, said string
	}{
		{"hello", "hallo", ""},
		{long, long[:30000] + "\xff" + long[30001:], `: octet 30001 is 0xff, wanted 0x2a`},
		{long, long[:65535] + "+", `: octet 65536 is 0x2b, wanted 0x2a`},
		{long, long[:65530], `: 65530 octets, wanted 65536`},
		{"hello", "hello" + long, `: 65541 octets, wanted 5`},
		{"h", long, `: octet 1 is 0x2a, wanted 0x68`},
	} {
		if said := Apart([]byte(c.got), []byte(c.want)); said != c.said {
			t.Errorf("%.20q of %d: %q, want %q", c.got, len(c.got), said, c.said)
		}
	}
}

// Octets that are no text are shown as octets, and no octets as none.
func TestOctetsShown(t *testing.T) {
	for octets, want := range map[string]string{
		"\xde\xad\xbe\xefA\n\"": `binary "\xde\xad\xbe\xefA\n\""`,
		"\u00fc":                `binary "\xc3\xbc"`,
		"":                      `binary ""`,
	} {
		got := event{kind: gotMessage, opcode: wire.Binary, payload: []byte(octets)}
		if said := got.String(); said != want {
			t.Errorf("%q: %s, want %s", octets, said, want)
		}
		if frame := conformance.Binary(octets); brief(frame) != want {
			t.Errorf("%q: wanted %s, want %s", octets, brief(frame), want)
		}
	}
}
