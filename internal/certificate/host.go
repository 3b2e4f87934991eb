package certificate

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A Host is what a machine is called and where it can be reached.
type Host struct {
	Name      string // with or without a domain
	Addresses []netip.Addr
}

// ThisHost is the machine that this runs on, as far as it can be told.
func ThisHost() Host {
	name, _ := os.Hostname()         // without it, localhost is still true
	found, _ := net.InterfaceAddrs() // without them, loopback is
	h := Host{name, []netip.Addr{}}
	for _, address := range found {
		if network, ok := address.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(network.IP); ok {
				h.Addresses = append(h.Addresses, ip)
			}
		}
	}
	return h
}

// A subject is everything that a leaf is valid for.
type subject struct {
	names     []string
	addresses []netip.Addr
}

var loopback = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}

// subjectOf gathers the names and addresses of a host, the given ones, and
// those that every host has.
func subjectOf(h Host, given []string) (subject, error) {
	var s subject
	name := canonical(h.Name)
	short, _, _ := strings.Cut(name, ".")
	// A host's name may be anything; one that no URL can hold is left out.
	for _, name := range []string{name, short, short + ".local", "localhost"} {
		if isName(name) {
			s.add(name)
		}
	}
	for _, ip := range slices.Concat(h.Addresses, loopback) {
		s.addAddress(ip)
	}
	for _, text := range given {
		ip, err := netip.ParseAddr(text)
		switch name := canonical(text); {
		case err == nil && ip.Zone() == "":
			s.addAddress(ip)
		case isName(name):
			s.add(name)
		default:
			return s, fmt.Errorf("name for the certificate: %q is neither a host name nor an address", text)
		}
	}
	return s, nil
}

func (s *subject) add(name string) {
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
}

// addAddress leaves out what no URL can hold, and changes with every virtual
// network.
func (s *subject) addAddress(ip netip.Addr) {
	ip = ip.Unmap()
	if needsZone(ip) || slices.Contains(s.addresses, ip) {
		return
	}
	s.addresses = append(s.addresses, ip)
}

// in reports whether a certificate is valid for all of s. It may be for more: an
// address that went is no reason to change a fingerprint that firmware pinned.
func (s subject) in(c *x509.Certificate) bool {
	for _, name := range s.dnsNames() {
		if !slices.Contains(c.DNSNames, name) {
			return false
		}
	}
	for _, ip := range s.ips() {
		if !slices.ContainsFunc(c.IPAddresses, ip.Equal) {
			return false
		}
	}
	return true
}

// dnsNames are the names, and the IPv4 addresses as if they were names. RFC 5280
// §4.2.1.6 has iPAddress for these, but BearSSL (ESP8266) and Mbed TLS below 3.5
// (ESP-IDF below 5.2) compare the host of a URL with dNSName alone. They come
// last: readers that take them amiss have found a true name by then.
func (s subject) dnsNames() []string {
	names := slices.Clone(s.names)
	for _, ip := range s.addresses {
		if ip.Is4() {
			names = append(names, ip.String())
		}
	}
	return names
}

func (s subject) ips() (ips []net.IP) {
	for _, ip := range s.addresses {
		ips = append(ips, ip.AsSlice())
	}
	return ips
}

// canonical is a name as certificates hold it: host names are compared without
// regard to case, and the root's dot is not part of them.
func canonical(name string) string {
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// isName reports whether a name is of letters, digits, hyphens and underscores
// between dots, within the lengths of RFC 1035 §2.3.4. One that ends in a number
// is meant to be an address.
func isName(name string) bool {
	if _, err := strconv.Atoi(name[strings.LastIndex(name, ".")+1:]); err == nil {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return len(name) <= 253
}
