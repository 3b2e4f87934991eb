package runner

import (
	"fmt"

	"wsprobe/internal/wire"
)

// behindClose judges a frame that the device sends behind its own Close frame. In
// the order of what it sends nothing can have crossed with anything of ours: "The
// application MUST NOT send any more data frames after sending a Close frame" (RFC
// 6455 §5.5.1), and only one Close frame is "sent as per Section 5.5.1". Pings and
// pongs are no data, and nobody forbids them.
func behindClose(h wire.Header) []wire.Violation {
	switch {
	case h.Opcode == wire.Close:
		return []wire.Violation{{Row: "CLS-10", Clause: "RFC 6455 §5.5.1", Detail: "a second close frame"}}
	case !h.Opcode.IsControl():
		return []wire.Violation{{Row: "CLS-08", Clause: "RFC 6455 §5.5.1", Detail: fmt.Sprintf("a %s after a close", h.Opcode.Frame())}}
	}
	return nil
}
