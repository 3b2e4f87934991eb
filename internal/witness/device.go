package witness

import "time"

// keptText is how many octets are kept of what a device says of itself.
const keptText = 128

// A Device is what was seen of one device: all connections from one address
// with one User-Agent. What the device sent, its User-Agent and path, is as it
// came, cut at 128 octets: escape it where it is shown.
type Device struct {
	ID          string    `json:"id"`      // 16 hexadecimal digits, made from address and User-Agent: the same whenever it comes back
	Changes     uint64    `json:"changes"` // grows whenever anything else of it changes
	Address     string    `json:"address"` // of its latest connection, with port
	UserAgent   string    `json:"userAgent"`
	Path        string    `json:"path"` // of its latest WebSocket, with the query
	Subprotocol string    `json:"subprotocol"`
	Since       time.Time `json:"since"` // when it was first seen
	Came        time.Time `json:"came"`  // when it connected, with no connection open before
	LastSeen    time.Time `json:"lastSeen"`
	Left        time.Time `json:"left"` // when its last connection ended; zero while one is open

	Open        int    `json:"open"`        // connections now
	Connections int    `json:"connections"` // and ever
	Received    uint64 `json:"received"`    // messages that it sent
	Sent        uint64 `json:"sent"`        // messages sent to it
	OctetsIn    uint64 `json:"octetsIn"`    // of payload
	OctetsOut   uint64 `json:"octetsOut"`

	Violations []Violation `json:"violations"` // the latest of each row, with Count over all connections; in the order of the rows
	Frames     []Frame     `json:"frames"`     // the latest, the oldest first
}

func cut(s string) string { return string([]byte(s[:min(len(s), keptText)])) }
