package witness

import (
	"bytes"
	"fmt"
	"net"
	"strconv"

	"wsprobe/internal/handshake"
)

func (w *watch) judgeRequest(r handshake.Request, octets []byte) {
	w.meet(r.Header.Get("User-Agent"), r.Target)
	for _, v := range handshake.CheckRequest(r) {
		w.brokeWith(v.Row, v.Clause, v.Detail, fieldOctets(octets, v.Row), maxHeadSeen)
	}
	if why := portMissing(r.Header.Values("Host"), w.local, w.usual); why != "" {
		w.brokeWith("CRQ-04", opening, why, fieldOctets(octets, "CRQ-04"), maxHeadSeen)
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	if sixteen, err := handshake.KeyOctets(key); err == nil {
		if why := w.device.stale([16]byte(sixteen)); why != "" {
			w.brokeWith("CRQ-08", opening, why, fieldOctets(octets, "CRQ-08"), maxHeadSeen)
		}
	}
}

// portMissing says so if a Host field leaves out a port that it must have: "if
// port is not the default" (RFC 6455 §4.1). Other faults are not its matter.
func portMissing(hosts []string, port, usual int) string {
	if len(hosts) != 1 || hosts[0] == "" || port == 0 || port == usual {
		return ""
	}
	if _, _, err := net.SplitHostPort(hosts[0]); err == nil {
		return ""
	}
	return fmt.Sprintf("Host %s leaves out the port, which is %d", strconv.QuoteToASCII(hosts[0][:min(len(hosts[0]), 64)]), port)
}

// fieldOctets is the line of a head that a rule is about, or the head's
// beginning if it is about none, or about one that is missing.
func fieldOctets(octets []byte, row string) []byte {
	name := map[string]string{
		"CRQ-04": "host", "CRQ-05": "upgrade", "CRQ-06": "connection", "CRQ-07": "sec-websocket-key", "CRQ-08": "sec-websocket-key",
		"CRQ-09": "sec-websocket-version", "CRQ-10": "sec-websocket-protocol", "CRQ-11": "sec-websocket-extensions", "CRQ-12": "origin",
		"CRQ-13": "sec-websocket-key", "CRQ-14": "sec-websocket-version",
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
