package handshake

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

const clientRequest = "RFC 6455 §4.1"

// CheckRequest judges a request by itself: the rows CRQ-01 to CRQ-14, except
// CRQ-08, which takes several connections, and the parts of CRQ-03 and CRQ-04
// that take the URI (the path that was asked for, a port missing from Host);
// URI-03, a fragment in the target; and EXT-07. Of extensions, permessage-deflate
// is known with its parameters.
func CheckRequest(r Request) []Violation {
	var j judge
	j.requestSyntax(r)
	j.requestLine(r)
	j.host(r.Header.Values(fieldHost))
	j.requestUpgrade(r.Header)
	j.key(r.Header.Values(fieldKey))
	j.version(r.Header.Values(fieldVersion))
	j.offeredProtocols(r.Header)
	j.offeredExtensions(r.Header)
	j.origin(r.Header.Values(fieldOrigin))
	return j.found
}

func (j *judge) requestSyntax(r Request) {
	head := r.Raw
	if head == "" {
		head = string(r.Append(nil))
	}
	if fault := checkHead(head, requestLineFault); fault != nil {
		j.note("CRQ-01", clientRequest, "the request is not valid HTTP: %v", fault)
	}
}

func (j *judge) requestLine(r Request) {
	if r.Method != "GET" {
		j.fatal("CRQ-02", clientRequest, "method is %s, wanted GET", quote(r.Method))
	}
	if !isVersion(r.Proto) || r.Proto < "HTTP/1.1" {
		j.fatal("CRQ-02", clientRequest, "HTTP version is %s, wanted HTTP/1.1 or later", quote(r.Proto))
	}
	if !isResource(r.Target) {
		j.fatal("CRQ-03", clientRequest, "target %s is neither a path nor an http URI", quote(r.Target))
	} else if _, err := url.PathUnescape(r.Target); err != nil {
		j.fatal("CRQ-03", "RFC 3986 §2.1", "target %s has a %% that escapes nothing", quote(r.Target))
	}
	if strings.Contains(r.Target, "#") {
		j.note("URI-03", "RFC 6455 §3", "target %s holds a fragment", quote(r.Target))
	}
}

// isResource tells a resource name from other targets: "The Request-URI part of
// the request MUST match the /resource name/ … or be an absolute http/https URI"
// (RFC 6455 §4.1).
func isResource(target string) bool {
	if strings.HasPrefix(target, "/") {
		return true
	}
	scheme, rest, ok := strings.Cut(target, "://")
	return ok && (equalFold(scheme, "http") || equalFold(scheme, "https")) && rest != ""
}

func (j *judge) host(hosts []string) {
	switch {
	case len(hosts) == 0:
		j.fatal("CRQ-04", clientRequest, "no Host field")
	case len(hosts) > 1:
		j.fatal("CRQ-04", "RFC 9112 §3.2", "%d Host fields, wanted one", len(hosts))
	case hosts[0] == "" || !isAuthority(hosts[0]):
		j.fatal("CRQ-04", "RFC 9110 §7.2", "Host %s is not host or host:port", quote(hosts[0]))
	}
}

func (j *judge) requestUpgrade(h Header) {
	if !h.HasToken(fieldUpgrade, "websocket") {
		j.fatal("CRQ-05", clientRequest, "%s", lacking(h, fieldUpgrade, "websocket"))
	}
	if !h.HasToken(fieldConnection, "Upgrade") {
		j.fatal("CRQ-06", clientRequest, "%s", lacking(h, fieldConnection, "Upgrade"))
	}
}

// lacking says that a field is absent, or holds something else than the token.
func lacking(h Header, name, token string) string {
	values := h.Values(name)
	if values == nil {
		return "no " + name + " field"
	}
	return name + " is " + quote(strings.Join(values, ", ")) + ", wanted " + token
}

func (j *judge) key(keys []string) {
	if len(keys) == 0 {
		j.fatal("CRQ-07", clientRequest, "no %s field", fieldKey)
		return
	}
	octets, err := KeyOctets(keys[0])
	switch {
	case err != nil:
		j.fatal("CRQ-07", clientRequest, "%s: %v", fieldKey, err)
	case NewKey([keyOctets]byte(octets)) != keys[0]:
		j.note("CRQ-07", "errata 3150", "%s: pad bits of %s are not zero", fieldKey, quote(keys[0]))
	}
	if len(keys) > 1 {
		j.note("CRQ-13", "RFC 6455 §11.3.1", "%d %s fields, wanted one", len(keys), fieldKey)
	}
}

func (j *judge) version(versions []string) {
	if len(versions) == 0 {
		j.fatal("CRQ-09", clientRequest, "no %s field", fieldVersion)
		return
	}
	if versions[0] != "13" {
		j.fatal("CRQ-09", clientRequest, "%s is %s, wanted 13", fieldVersion, quote(versions[0]))
	}
	if len(versions) > 1 {
		j.note("CRQ-14", "RFC 6455 §11.3.5", "%d %s fields, wanted one", len(versions), fieldVersion)
	}
}

// "The elements that comprise this value MUST be non-empty strings with
// characters in the range U+0021 to U+007E not including separator characters
// … and MUST all be unique strings" (RFC 6455 §4.1).
func (j *judge) offeredProtocols(h Header) {
	seen := map[string]bool{}
	for _, p := range h.elements(fieldProtocol) {
		switch {
		case !isToken(p):
			j.fatal("CRQ-10", clientRequest, "%s: %s is not a token", fieldProtocol, quote(p))
			return
		case seen[p]:
			j.note("CRQ-10", clientRequest, "%s: %s is offered twice", fieldProtocol, quote(p))
			return
		}
		seen[p] = true
	}
}

func (j *judge) offeredExtensions(h Header) {
	if fault := extensionsFault(h); fault != "" {
		j.fatal("CRQ-11", "RFC 6455 §9.1", "%s", fault)
		return
	}
	offers, _ := h.Extensions()
	for _, e := range offers {
		if _, fault := parametersFault(e, true); e.Name == permessageDeflate && fault != "" {
			j.note("CRQ-11", "RFC 7692 §7.1", "%s offers %s: %s", fieldExtensions, quote(e.String()), fault)
			break
		}
	}
	j.registered(offers)
}

// "Any extension-token used MUST be a registered token" (RFC 6455 §9.1). IANA has
// two.
func (j *judge) registered(offers []Extension) {
	for _, e := range offers {
		if e.Name != permessageDeflate && e.Name != "bbf-usp-protocol" {
			j.note("EXT-07", "RFC 6455 §9.1", "the extension %s is not registered", quote(e.Name))
			return
		}
	}
}

// extensionsFault says what is wrong with Sec-WebSocket-Extensions, if it is
// there: its grammar, or that the list is empty, for it is 1#extension.
func extensionsFault(h Header) string {
	list, err := h.Extensions()
	switch {
	case err != nil:
		return fieldExtensions + ": " + err.Error()
	case len(list) == 0 && h.Values(fieldExtensions) != nil:
		return fieldExtensions + " is empty"
	}
	return ""
}

func (j *judge) origin(origins []string) {
	for _, o := range origins {
		if o != "null" && !isOriginList(o) {
			j.note("CRQ-12", "RFC 6454 §7.1", "Origin %s is not a serialized origin", quote(o))
			return
		}
	}
}

// isOriginList: serialized-origin *( SP serialized-origin ), each scheme "://"
// host [ ":" port ]. The host may be empty, as in "file://".
func isOriginList(list string) bool {
	return !slices.ContainsFunc(strings.Split(list, " "), func(origin string) bool {
		scheme, authority, ok := strings.Cut(origin, "://")
		return !ok || !isScheme(scheme) || !isAuthority(authority)
	})
}

// PortMissing judges whether Host leaves out the port where a client must show
// it: "if port is not the default" (RFC 6455 §4.1). usual is the default. Other
// faults of Host are for [CheckRequest].
func PortMissing(r Request, port, usual int) []Violation {
	hosts := r.Header.Values(fieldHost)
	if len(hosts) != 1 || hosts[0] == "" || port == usual {
		return nil
	}
	if _, _, err := net.SplitHostPort(hosts[0]); err == nil {
		return nil
	}
	var j judge
	j.note("CRQ-04", clientRequest, "Host %s leaves out the port, which is %d", quote(hosts[0]), port)
	return j.found
}
