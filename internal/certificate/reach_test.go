package certificate_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"wsprobe/internal/certificate"
)

func TestHostPorts(t *testing.T) {
	var host certificate.Host
	for address := range strings.FieldsSeq("127.0.0.1 2001:db8::7 fe80::1 ::1 192.168.4.2 ::ffff:192.168.4.2 169.254.1.1") {
		host.Addresses = append(host.Addresses, netip.MustParseAddr(address))
	}
	for _, c := range []struct{ at, want string }{
		{"127.0.0.1", "127.0.0.1:9001"},
		{"::1", "[::1]:9001"},
		{"192.168.9.9", "192.168.9.9:9001"}, // listened at, so one of the host's
		{"0.0.0.0", "192.168.4.2:9001 169.254.1.1:9001 127.0.0.1:9001"},
		{"::", "192.168.4.2:9001 169.254.1.1:9001 [2001:db8::7]:9001 127.0.0.1:9001"},
	} {
		if got := strings.Join(host.HostPorts(&net.TCPAddr{IP: net.ParseIP(c.at), Port: 9001}), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.at, got, c.want)
		}
	}
	if got := host.HostPorts(&net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 1}); got[0] != "[fe80::1]:1" {
		t.Errorf("%q has a zone", got)
	}
	if got := (certificate.Host{}).HostPorts(&net.TCPAddr{IP: net.IPv4zero, Port: 1}); len(got) != 1 || got[0] != "127.0.0.1:1" {
		t.Errorf("%q of a host without addresses", got)
	}
	for _, got := range certificate.ThisHost().HostPorts(&net.TCPAddr{IP: net.IPv6unspecified, Port: 1}) {
		if ip := netip.MustParseAddrPort(got).Addr(); ip.IsUnspecified() || ip.Zone() != "" {
			t.Errorf("%s of this host cannot be reached", got)
		}
	}
}
