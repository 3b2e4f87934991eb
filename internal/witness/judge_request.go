package witness

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wsprobe/internal/handshake"
)

func (w *watch) judgeRequest(r handshake.Request, octets []byte) {
	w.meet(r.Header.Get("User-Agent"), r.Target)
	broke := func(row, clause, detail string) {
		if detail != "" {
			w.brokeWith(row, clause, detail, fieldOctets(octets, row), maxHeadSeen)
		}
	}
	for _, v := range handshake.CheckRequest(r) {
		broke(v.Row, v.Clause, v.Detail)
	}
	broke("URI-06", "RFC 6455 §3", notASCII(r.Target))
	if w.local != 0 {
		for _, v := range handshake.PortMissing(r, w.local, w.usual) {
			broke(v.Row, v.Clause, v.Detail)
		}
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	if sixteen, err := handshake.KeyOctets(key); err == nil {
		broke("CRQ-08", openingClause, w.device.stale([16]byte(sixteen), key))
	}
	if w.secured != nil {
		broke("CON-06", openingClause, nameMissing(r.Header.Get("Host"), w.secured.ConnectionState().ServerName))
	}
	offers, _ := r.Header.Extensions()
	w.offersDeflate = slices.ContainsFunc(offers, func(e handshake.Extension) bool { return e.Name == permessageDeflate })
}

// notASCII says so if a resource name has octets that a URI must have as
// percent-encoded (RFC 3986 §2.1).
func notASCII(target string) string {
	i := strings.IndexFunc(target, func(r rune) bool { return r >= utf8.RuneSelf })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("the target holds the octet %#02x, which is no ASCII", target[i])
}

// nameMissing says so if TLS began without the name of the host that the request
// is for: "Clients MUST use the Server Name Indication extension" (RFC 6455
// §4.1). An address is no name (RFC 6066 §3).
func nameMissing(host, indicated string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if host == "" || net.ParseIP(host) != nil || strings.EqualFold(host, indicated) {
		return ""
	}
	shown := strconv.QuoteToASCII(cut(host))
	if indicated == "" {
		return fmt.Sprintf("TLS began without the server name %s", shown)
	}
	return fmt.Sprintf("TLS began with the server name %s, and Host is %s", strconv.QuoteToASCII(cut(indicated)), shown)
}

const permessageDeflate = "permessage-deflate"

// fieldOctets is the line of a head that a rule is about, or the head's
// beginning if it is about none, or about one that is missing.
func fieldOctets(octets []byte, row string) []byte {
	name := map[string]string{
		"CRQ-04": "host", "CRQ-05": "upgrade", "CRQ-06": "connection", "CRQ-07": "sec-websocket-key", "CRQ-08": "sec-websocket-key",
		"CRQ-09": "sec-websocket-version", "CRQ-10": "sec-websocket-protocol", "CRQ-11": "sec-websocket-extensions", "CRQ-12": "origin",
		"CRQ-13": "sec-websocket-key", "CRQ-14": "sec-websocket-version",
		"CON-06": "host", "EXT-07": "sec-websocket-extensions",
	}[row]
	if name == "" {
		return octets
	}
	for line := range bytes.Lines(octets) {
		if before, _, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(before, []byte(name)) {
			return bytes.TrimRight(line, "\r\n")
		}
	}
	return octets
}
