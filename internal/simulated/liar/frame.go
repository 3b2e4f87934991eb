package liar

import (
	"encoding/binary"
	"net"
	"slices"

	"wsprobe/internal/wire"
)

// frame is a frame as it goes out: what the header declares need not be true.
type frame struct {
	wire.Header
	payload []byte
}

// one is a message, or a control frame, in one frame.
func one(op wire.Opcode, payload []byte) []frame {
	return []frame{{wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}, payload}}
}

// closeWith is a close with a status and a reason.
func closeWith(code wire.StatusCode, reason string) []frame {
	return one(wire.Close, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

// cut is a message in two fragments.
func cut(m message) []frame {
	half := len(m.octets) / 2
	first, last := one(m.opcode, m.octets[:half])[0], one(wire.Continuation, m.octets[half:])[0]
	first.Fin = false
	return []frame{first, last}
}

// send writes frames in one go. A write that fails is not looked at: the next
// read will fail too.
func (p *peer) send(frames ...frame) {
	var octets net.Buffers
	for _, f := range frames {
		if p.role.Masks() {
			f.Masked, f.Key = true, p.mask()
		}
		p.say(&f)
		if f.Masked {
			f.payload = slices.Clone(f.payload)
			wire.Mask(f.payload, f.Key, 0)
		}
		octets = append(octets, f.Header.Append(nil), f.payload)
	}
	_, _ = octets.WriteTo(p.conn)
}
