package witness

import "time"

// keptText is how many octets are kept of what a device says of itself.
const keptText = 128

// A Device is what was seen of one device: all connections from one address
// with one User-Agent. What the device sent, its User-Agent and path, is as it
// came, cut at 128 octets: escape it where it is shown.
type Device struct {
	ID          string // 16 hexadecimal digits, made from address and User-Agent: the same whenever it comes back
	Changes     uint64 // grows whenever anything else of it changes
	Address     string // of its latest connection, with port
	UserAgent   string
	Path        string // of its latest WebSocket, with the query
	Subprotocol string
	Since       time.Time // when it was first seen
	Came        time.Time // when it connected, with no connection open before
	LastSeen    time.Time
	Left        time.Time // when its last connection ended; zero while one is open

	Open        int    // connections now
	Connections int    // and ever
	Received    uint64 // messages that it sent
	Sent        uint64 // messages sent to it
	OctetsIn    uint64 // of payload
	OctetsOut   uint64

	Violations []Violation // the latest of each row, with Count over all connections; in the order of the rows
	Frames     []Frame     // the latest, the oldest first
}

func cut(s string) string { return string([]byte(s[:min(len(s), keptText)])) }
