package page

import (
	"net"
	"net/http"
	"regexp"
	"strings"

	"wsprobe/internal/witness"
)

// A location is where the server is, as a visitor reaches it.
type location struct {
	Elsewhere bool   // not where the page is
	Base      string // such as "ws://bench:9001"
	Web       string // the same for HTTP, such as "http://bench:9001"
	policy    string // what the page's script may connect to
}

// A plain host can stand in the policy of a page. What else a visitor writes
// into its Host field is not let into it.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?$`)

// locate finds the server by the way the visitor has found the page.
func (p *Page) locate(r *http.Request) location {
	host := r.Host
	if p.options.Address != "" {
		host = elsewhere(p.options.Address, r.Host)
	}
	shown := witness.Printable(host)
	at := location{
		Elsewhere: p.options.Address != "",
		Base:      p.options.Scheme + "://" + shown,
		Web:       strings.Replace(p.options.Scheme, "ws", "http", 1) + "://" + shown,
		policy:    "connect-src 'self'",
	}
	switch {
	case plainHost.MatchString(host):
		// Not every browser takes 'self' for WebSockets, too. Before a proxy that
		// speaks TLS, the scheme is not ours.
		at.policy += " ws://" + host + " wss://" + host
	case at.Elsewhere:
		at.policy += " " + p.options.Scheme + ":" // an IPv6 address has no place in a policy
	}
	return at
}

// elsewhere is the address of the server for who found the page at host.
func elsewhere(address, host string) string {
	name, port, err := net.SplitHostPort(address)
	if err != nil || name != "" {
		return address
	}
	if only, _, err := net.SplitHostPort(host); err == nil {
		host = only
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}
