package inputs

import . "wsprobe/internal/conformance"

// wholly returns a frame as octets, as our role sends it, masked if at all with
// a key of zeros: it can stand in the payload of another, and be read there by
// a device that has lost count.
func (w *writer) wholly(f Frame) string {
	h := f.Header(w.role(), [4]byte{})
	return string(f.Payload.Append(h.Append(nil), 0, f.Payload.Len()))
}

// telltale returns a frame that a device answers if it takes it for one.
func (w *writer) telltale() Frame {
	if w.chance(2) {
		return Text(w.text(12))
	}
	return Ping(w.text(12))
}

// zeroKeyed returns a frame whose payload is on the wire as it is.
func zeroKeyed(f Frame) Frame { return f.WithKey([4]byte{}) }

// smuggled returns a message of size octets that after the first few is nothing
// but whole frames, one behind the other: a device that keeps only some bits of
// the length, or of the message, reads them.
func (w *writer) smuggled(first, size int) Frame {
	unit := w.wholly(w.telltale())
	at := len(unit) - first%len(unit)
	return zeroKeyed(Binary(Repeated(unit[at:]+unit[:at], size)))
}

// claimed returns a message that declares n octets, of which the first few come
// and then a frame, as a device sees it that keeps only some bits of n.
func (w *writer) claimed(first int, n uint64) Frame {
	return zeroKeyed(Text(w.text(first).Octets() + w.wholly(w.telltale())).Claiming(n))
}
