package witness

import (
	"bytes"

	"wsprobe/internal/handshake"
)

func (w *watch) judgeRequest(r handshake.Request, octets []byte) {
	w.meet(r.Header.Get("User-Agent"), r.Target)
	found := handshake.CheckRequest(r)
	if w.local != 0 {
		found = append(found, handshake.PortMissing(r, w.local, w.usual)...)
	}
	for _, v := range found {
		w.brokeWith(v.Row, v.Clause, v.Detail, fieldOctets(octets, v.Row), maxHeadSeen)
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	if sixteen, err := handshake.KeyOctets(key); err == nil {
		if why := w.device.stale([16]byte(sixteen)); why != "" {
			w.brokeWith("CRQ-08", opening, why, fieldOctets(octets, "CRQ-08"), maxHeadSeen)
		}
	}
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
