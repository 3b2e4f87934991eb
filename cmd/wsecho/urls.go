package main

import (
	"net"
	"slices"
	"strconv"
)

// urls are what firmware can be given to reach a server that listens on addr:
// one for each address of this machine if it listens on all.
func urls(scheme string, addr net.Addr) []string {
	tcp := addr.(*net.TCPAddr)
	ips := []net.IP{tcp.IP}
	if tcp.IP.IsUnspecified() {
		ips = reachable(tcp.IP.To4() != nil)
	}
	var urls []string
	for _, ip := range ips {
		urls = append(urls, scheme+"://"+net.JoinHostPort(ip.String(), strconv.Itoa(tcp.Port))+"/")
	}
	return urls
}

// named is the URL by the name that mdns announces.
func named(scheme, name string, addr net.Addr) string {
	return scheme + "://" + net.JoinHostPort(name+".local", strconv.Itoa(addr.(*net.TCPAddr).Port)) + "/"
}

// reachable is this machine's addresses, those that a device most likely needs
// first: IPv4, then IPv6, then loopback. Link-local ones need a zone, which no
// URL can hold.
func reachable(only4 bool) []net.IP {
	addrs, _ := net.InterfaceAddrs() // without them, loopback is still true
	ips := []net.IP{net.IPv4(127, 0, 0, 1)}
	for _, addr := range addrs {
		n, ok := addr.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast() && n.IP.To4() == nil || only4 && n.IP.To4() == nil {
			continue
		}
		ips = append(ips, n.IP)
	}
	slices.SortStableFunc(ips, func(a, b net.IP) int { return rank(a) - rank(b) })
	return ips
}

func rank(ip net.IP) int {
	switch {
	case ip.IsLoopback():
		return 2
	case ip.To4() == nil:
		return 1
	default:
		return 0
	}
}
