package certificate_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"wsprobe/internal/certificate"
)

func TestSubject(t *testing.T) {
	for _, c := range []struct {
		host      string
		addresses string
		names     []string
		want      string
	}{
		{"bench", "", nil, "bench bench.local localhost 127.0.0.1 | 127.0.0.1 ::1"},
		{"Bench.Example.", "", nil, "bench.example bench bench.local localhost 127.0.0.1 | 127.0.0.1 ::1"},
		{"bench.local", "", nil, "bench.local bench localhost 127.0.0.1 | 127.0.0.1 ::1"},
		// What a host may be called, but no URL can hold.
		{"Anna's Mac", "", nil, "localhost 127.0.0.1 | 127.0.0.1 ::1"},
		{"bänk", "", nil, "localhost 127.0.0.1 | 127.0.0.1 ::1"},
		{"", "", nil, "localhost 127.0.0.1 | 127.0.0.1 ::1"},
		// Link-local IPv6 needs a zone; IPv4 in IPv6 is IPv4; each but once.
		{"b", "192.0.2.7 fe80::1 2001:db8::1 ::ffff:192.0.2.7 169.254.1.1 127.0.0.1", nil,
			"b b.local localhost 192.0.2.7 169.254.1.1 127.0.0.1 | 192.0.2.7 2001:db8::1 169.254.1.1 127.0.0.1 ::1"},
		{"b", "", []string{"wss.example.", "B", "10.0.0.1", "2001:db8::2"},
			"b b.local localhost wss.example 127.0.0.1 10.0.0.1 | 127.0.0.1 ::1 10.0.0.1 2001:db8::2"},
		{strings.Repeat("a", 63) + ".example", "", nil, fmt.Sprintf(
			"%[1]s.example %[1]s %[1]s.local localhost 127.0.0.1 | 127.0.0.1 ::1", strings.Repeat("a", 63))},
	} {
		host := certificate.Host{Name: c.host, Addresses: []netip.Addr{}}
		for address := range strings.FieldsSeq(c.addresses) {
			host.Addresses = append(host.Addresses, netip.MustParseAddr(address))
		}
		leaf := open(t, t.TempDir(), certificate.Options{Host: host, Names: c.names}).Leaf()
		got := strings.Join(leaf.DNSNames, " ") + " |"
		for _, ip := range leaf.IPAddresses {
			got += " " + ip.String()
		}
		if got != c.want {
			t.Errorf("%q: %s\nwant %s", c.host, got, c.want)
		}
	}
}

func TestNamesThatAreNone(t *testing.T) {
	for _, name := range []string{"", ".", "a..b", "ws://bench", "bench:9001", "bench/", "*.example", "bänk", "a b",
		"fe80::1%eth0", "192.168.1.256", "192.168.1", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "b"} {
		dir := t.TempDir()
		o := at(start)
		o.Names = []string{name}
		_, err := certificate.Open(dir, o)
		if want := fmt.Sprintf("name for the certificate: %q is neither a host name nor an address", name); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 0 {
			t.Errorf("%q: an authority is made all the same", name)
		}
	}
}
