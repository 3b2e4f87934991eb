package certificate

import (
	"net"
	"net/netip"
	"slices"
)

// HostPorts returns what the URLs of a server on this host hold, HOST:PORT, if
// that is where it listens: one for each address of the host if it listens at all
// of them. Those that a device most likely needs come first: IPv4, then IPv6, then
// loopback.
func (h Host) HostPorts(at net.Addr) []string {
	listening, err := netip.ParseAddrPort(at.String())
	if err != nil {
		return []string{at.String()}
	}
	ips := []netip.Addr{listening.Addr().Unmap().WithZone("")}
	if ips[0].IsUnspecified() {
		ips = h.reachable(ips[0].Is4())
	}
	var all []string
	for _, ip := range ips {
		all = append(all, netip.AddrPortFrom(ip, listening.Port()).String())
	}
	return all
}

// reachable returns the addresses that a URL can hold, each once, and of the
// loopback ones that which every host has.
func (h Host) reachable(only4 bool) []netip.Addr {
	ips := []netip.Addr{loopback[0]}
	for _, ip := range h.Addresses {
		ip = ip.Unmap()
		if !ip.IsLoopback() && !needsZone(ip) && (ip.Is4() || !only4) && !slices.Contains(ips, ip) {
			ips = append(ips, ip)
		}
	}
	slices.SortStableFunc(ips, func(a, b netip.Addr) int { return remoteness(a) - remoteness(b) })
	return ips
}

// remoteness is how far from what a device most likely needs an address is.
func remoteness(ip netip.Addr) int {
	switch {
	case ip.IsLoopback():
		return 2
	case ip.Is6():
		return 1
	}
	return 0
}

// needsZone reports whether an address needs a zone, which no URL can hold: the
// link-local ones of IPv6 do.
func needsZone(ip netip.Addr) bool { return ip.Is6() && ip.IsLinkLocalUnicast() }
