package mdns

import (
	"fmt"
	"strings"
)

// domain is the one of Multicast DNS: RFC 6762 §3.
const domain = "local"

// service is what is announced: RFC 6763 §7, with the name of the URI's scheme.
const service = "_ws._tcp"

// Check tells what is wrong with a name, in one line: it is to be one label of a
// host's name, of letters, digits and hyphens within, 63 octets at most (RFC 1123
// §2.1), for devices know no others.
func Check(name string) error {
	ok := name != "" && len(name) <= 63 && name[0] != '-' && name[len(name)-1] != '-'
	for _, c := range name {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		ok = ok && (letter || c >= '0' && c <= '9' || c == '-')
	}
	switch {
	case ok:
		return nil
	case strings.HasSuffix(strings.ToLower(name), "."+domain):
		return fmt.Errorf("%q: .%s is added to the name, leave it out", name, domain)
	}
	return fmt.Errorf("%q: not a name of letters, digits and hyphens within, up to 63, such as bench", name)
}
