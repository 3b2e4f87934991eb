package handshake

import (
	"net/netip"
	"strconv"
	"strings"
)

// isAuthority accepts uri-host [ ":" port ] of RFC 9110 §7.2: an IPv6 literal in
// brackets, an IPv4 address or a name, which may be empty.
func isAuthority(s string) bool {
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
	}
	return isHost(host) && isPort(port)
}

func isHost(s string) bool {
	if literal, ok := strings.CutPrefix(s, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		address, err := netip.ParseAddr(literal)
		return ok && err == nil && address.Is6() && address.Zone() == ""
	}
	for i := range len(s) {
		// reg-name of RFC 3986 §3.2.2: unreserved, sub-delims, "%" of an escape
		if !isLetter(s[i]) && !isDigit(s[i]) && strings.IndexByte("-._~!$&'()*+,;=%", s[i]) < 0 {
			return false
		}
	}
	return true
}

func isPort(s string) bool {
	if s == "" {
		return true
	}
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// isScheme: ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 §3.1)
func isScheme(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) && (i == 0 || !isDigit(s[i]) && strings.IndexByte("+-.", s[i]) < 0) {
			return false
		}
	}
	return s != ""
}
