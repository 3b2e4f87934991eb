package wire

import "fmt"

// Role is a side of the connection.
type Role uint8

// The two roles of RFC 6455 §1.2. The zero Role is neither.
const (
	Client Role = iota + 1
	Server
)

// Masks reports whether the role must mask the frames it sends (RFC 6455 §5.1).
func (r Role) Masks() bool { return r == Client }

// Peer returns the role at the other end.
func (r Role) Peer() Role {
	switch r {
	case Client:
		return Server
	case Server:
		return Client
	}
	return 0
}

func (r Role) String() string {
	switch r {
	case Client:
		return "client"
	case Server:
		return "server"
	}
	return fmt.Sprintf("role%d", uint8(r))
}

// MarshalText writes the role as "client" or "server".
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "client" or "server"; anything else is an error.
func (r *Role) UnmarshalText(b []byte) error {
	switch string(b) {
	case "client":
		*r = Client
	case "server":
		*r = Server
	default:
		return fmt.Errorf("role %q is neither client nor server", b)
	}
	return nil
}
