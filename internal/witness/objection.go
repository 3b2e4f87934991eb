package witness

import (
	"fmt"
	"net"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Objection returns what a server that is strict has against the device at the
// other end of a connection: the first MUST or MUST NOT of the RFCs that it broke
// there, since its last request and before it sent a Close frame, and the code of
// the Close frame for it. Why is "" for nothing, and for a connection that is not
// watched. Rules that only follow from the RFCs, and what they leave open, or want
// declined, are named but never objected to.
//
// Whoever reads from the connection knows of the octets what the witness knows:
// they are judged before they are handed on. So many of those of the read after
// which there is an objection are lawful: they come before the frame with the fault.
func Objection(c net.Conn) (lawful, code int, why string) {
	for c != nil {
		if watched, ok := c.(*conn); ok {
			watched.mu.Lock()
			defer watched.mu.Unlock()
			return watched.watch.objection()
		}
		outer, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		c = outer.NetConn()
	}
	return 0, 0, ""
}

func (w *watch) objection() (lawful, code int, why string) {
	v := w.objected
	switch v.Row {
	case "":
		return 0, 0, ""
	case "UTF-07", "PMD-10", "PMD-13", "PMD-16", "PMD-20": // "data within a message that was not consistent with the type" (RFC 6455 §7.4.1)
		code = int(wire.InvalidPayload)
	default:
		code = int(wire.ProtocolError)
	}
	return w.lawful, code, fmt.Sprintf("%s: %s (%s)", v.Row, v.Detail, v.Clause)
}

// binds reports whether a server may refuse for v: whether its row is a MUST, or a
// MUST NOT, without a doubt. Offers of extensions that a server does not know, or
// whose parameters are bad, it has to decline instead: RFC 6455 §9.1, RFC 7692 §7.
func (v Violation) binds() bool {
	row, known := conformance.RowOf(conformance.ID(strings.Replace(v.Row, "-", ".", 1)))
	return known && row.Level == conformance.LevelMust && v.Row != "EXT-07" && v.Clause != "RFC 7692 §7.1"
}
