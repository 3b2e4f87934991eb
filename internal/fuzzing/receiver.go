package fuzzing

import (
	"bytes"
	"fmt"

	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// receiver reads octets as RFC 6455 tells an endpoint to, and goes on reading
// where an endpoint has to stop.
type receiver struct {
	octets   []byte
	at       int // of the next frame
	from     wire.Role
	inflater *deflate.Inflater // nil without permessage-deflate
	state    wire.State

	opcode     wire.Opcode // of the message that has begun
	compressed bool
	message    []byte
	text       wire.UTF8
	kept       int // octets of payloads in the forecast
	forecast   Forecast
}

// frame reads a frame; false when there is none any more.
func (r *receiver) frame() bool {
	in := bytes.NewReader(r.octets[r.at:])
	h, err := wire.ReadHeader(in)
	if err != nil {
		r.forecast.Within = r.at < len(r.octets)
		r.part(r.octets[r.at:])
		return false
	}
	begin, body := r.at, len(r.octets)-in.Len()
	r.faults(h, false)
	size := min(h.Length, uint64(len(r.octets)-body))
	if r.kept += int(size); r.kept > maxForecast {
		return false
	}
	raw := r.octets[body : body+int(size)]
	payload := bytes.Clone(raw)
	r.forecast.Starts = append(r.forecast.Starts, begin)
	if !h.Opcode.IsControl() {
		r.forecast.Raw = append(r.forecast.Raw, raw)
	}
	if h.Masked {
		wire.Mask(payload, h.Key, 0)
	}
	whole := size == h.Length
	r.payload(h, payload, whole)
	r.state = r.state.Next(h)
	r.forecast.Begun = r.state.Fragmented
	r.forecast.Within = !whole
	r.at = body + int(size)
	return whole
}

// part judges a header that is not complete by what there is of it. What a
// receiver does not know yet it takes for lawful, and it may wait for all of the
// header before it judges any of it.
func (r *receiver) part(octets []byte) {
	if len(octets) == 0 {
		return
	}
	h := wire.Header{Fin: octets[0]&0x80 != 0, RSV: octets[0] >> 4 & 7, Opcode: wire.Opcode(octets[0] & 0xF), Masked: r.from.Masks()}
	if len(octets) > 1 {
		h.Masked = octets[1]&0x80 != 0
		switch h.Length = uint64(octets[1] & 0x7F); {
		case h.Length == 127 && len(octets) > 2:
			h.Length = uint64(octets[2])<<56 | 1<<16
		case h.Length == 127:
			h.Length = 1 << 16
		}
	}
	r.faults(h, true)
}

// faults judges a header. A receiver can know what is wrong with it as soon as
// it is there.
func (r *receiver) faults(h wire.Header, early bool) {
	for _, v := range wire.Check(h, r.from, r.state) {
		r.fault(Fault{v.Row, v.Clause, v.Detail, early})
	}
}

// fault notes the first fault, or the first over which a receiver must have failed
// the connection.
func (r *receiver) fault(f Fault) {
	if first := r.forecast.Fault; !r.forecast.Closed && (first == nil || first.Early && !f.Early) {
		r.forecast.Fault = &f
	}
}

// payload takes what came of a frame's payload.
func (r *receiver) payload(h wire.Header, payload []byte, whole bool) {
	if h.Opcode.IsControl() {
		if whole {
			r.control(h, payload)
		}
		return
	}
	r.forecast.Parts = append(r.forecast.Parts, payload)
	if h.Opcode != wire.Continuation || !r.state.Fragmented {
		r.opcode, r.message, r.text = h.Opcode, nil, wire.UTF8{}
		r.compressed = r.inflater != nil && h.RSV&rsv1 != 0
	}
	r.message = append(r.message, payload...)
	if r.opcode == wire.Text && !r.compressed && !r.text.Write(payload) {
		r.fault(badText(true)) // until the message is complete
	}
	if h.Fin && whole {
		r.complete()
	}
}

// complete takes a whole data message.
func (r *receiver) complete() {
	message := r.message
	if r.compressed {
		var err error
		if message, err = r.inflater.Append(nil, message, maxForecast-r.kept); err != nil {
			r.fault(Fault{Row: "PMD-21", Clause: "RFC 7692 §7.2.2", Detail: "a compressed message that does not inflate"})
			return
		}
		r.kept += len(message)
		r.text.Write(message)
	}
	if r.opcode == wire.Text && !r.text.Complete() {
		r.fault(badText(false))
	}
	r.act(Act{Opcode: r.opcode, Payload: message})
}

// badText is of text as a whole: "When an endpoint is to interpret a byte stream as
// UTF-8 but finds that the byte stream is not, in fact, a valid UTF-8 stream, that
// endpoint MUST _Fail the WebSocket Connection_" (RFC 6455 §8.1). Before the message
// is complete an endpoint need not have looked.
func badText(early bool) Fault {
	return Fault{"UTF-02", "RFC 6455 §8.1", "text that is not UTF-8", early}
}

// control takes a whole control frame.
func (r *receiver) control(h wire.Header, payload []byte) {
	a := Act{Opcode: h.Opcode, Payload: payload}
	if h.Opcode == wire.Close {
		code, _, ok := wire.SplitClose(payload)
		a.Either = ok && (code > wire.InternalError && code < 3000 || // registered after RFC 6455 was written
			code == wire.MandatoryExtension) // which "is not used by the server" (§7.4.1), and may be given back
		for _, v := range wire.CheckClose(payload, r.from) {
			if v.Row != "COD-13" {
				r.fault(Fault{v.Row, v.Clause, v.Detail, false})
			}
		}
	}
	r.act(a)
	if h.Opcode == wire.Close && !r.forecast.Fails() {
		r.forecast.Closed = true
	}
}

// act notes what a receiver answers, or would, had it gone on.
func (r *receiver) act(a Act) {
	if r.forecast.Fails() || r.forecast.Closed {
		r.forecast.Beyond = append(r.forecast.Beyond, a)
		return
	}
	r.forecast.Acts = append(r.forecast.Acts, a)
}

// brief quotes at most 60 octets.
func brief(b []byte) string {
	const most = 60
	if len(b) <= most {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%q… (%d octets)", b[:most], len(b))
}
