package handshake

import (
	"slices"
	"strings"
)

// Names of the header fields of the handshake, spelled as in RFC 6455: small
// devices compare them case-sensitively.
const (
	fieldHost       = "Host"
	fieldUpgrade    = "Upgrade"
	fieldConnection = "Connection"
	fieldOrigin     = "Origin"
	fieldKey        = "Sec-WebSocket-Key"
	fieldVersion    = "Sec-WebSocket-Version"
	fieldAccept     = "Sec-WebSocket-Accept"
	fieldProtocol   = "Sec-WebSocket-Protocol"
	fieldExtensions = "Sec-WebSocket-Extensions"
)

// Field is one header line. Name is exactly what stood before the first colon,
// blanks included; Value is what followed, without the blanks around it, a
// folded value on one line (RFC 9112 §5.2).
//
// A line without a name, because it has no colon or begins with one, is a Field
// without Name: its Value is the whole line.
type Field struct{ Name, Value string }

// Header is the header lines in their order, duplicates kept. Names match
// without regard to the case of ASCII letters, as in HTTP.
type Header []Field

// Get returns the value of the first field of that name, "" if there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if equalFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Values returns the values of all fields of that name, nil if there are none.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if equalFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// List returns the elements of a comma-separated list that may be spread over
// several lines, without the empty ones, which a recipient ignores (RFC 9110
// §5.6.1.2). It does not know of quoted strings; see [Header.Extensions].
func (h Header) List(name string) []string {
	return slices.DeleteFunc(h.elements(name), func(e string) bool { return e == "" })
}

// HasToken says whether the list of that name holds the token, without regard
// to case: "keep-alive, UPGRADE" holds "upgrade", "notupgrade" does not.
func (h Header) HasToken(name, token string) bool {
	return slices.ContainsFunc(h.elements(name), func(e string) bool { return equalFold(e, token) })
}

// elements is List with the empty ones, which a sender must not produce.
func (h Header) elements(name string) []string {
	var elements []string
	for _, value := range h.Values(name) {
		for e := range strings.SplitSeq(value, ",") {
			elements = append(elements, trimBlanks(e))
		}
	}
	return elements
}

func (f Field) append(b []byte) []byte {
	if f.Name != "" {
		b = append(append(b, f.Name...), ": "...)
	}
	return append(b, f.Value...)
}

// trimBlanks removes the optional white space of HTTP: SP and HTAB, no other.
func trimBlanks(s string) string { return strings.Trim(s, " \t") }

// equalFold compares ASCII letters without regard to case. strings.EqualFold
// would take "webſocKet", spelled with U+017F and U+212A, for "websocket".
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
