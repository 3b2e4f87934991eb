package deflate

import "encoding/binary"

// reader is the state of one message.
type reader struct {
	in     []byte
	at     int    // octets of in that are in the buffer, or were
	buffer uint64 // what comes next, from the lowest bit; zeros after the end
	bits   int    // of the buffer; below 0 if more were taken than there are

	out        []byte // as long as there is room
	n          int    // octets of it in use
	start, end int    // where the message begins, and must end at the latest
}

func (r *reader) refill() { r.buffer, r.bits, r.at = refill(r.in, r.buffer, r.bits, r.at) }

// refill fills the buffer to 56 bits or more, or with all that is left.
func refill(in []byte, buffer uint64, bits, at int) (uint64, int, int) {
	if len(in)-at >= 8 {
		buffer |= binary.LittleEndian.Uint64(in[at:]) << (bits & 63)
		n := (63 - bits) >> 3
		return buffer, bits + n<<3, at + n
	}
	for bits >= 0 && bits <= 56 && at < len(in) {
		buffer |= uint64(in[at]) << (bits & 63)
		bits, at = bits+8, at+1
	}
	return buffer, bits, at
}

func (r *reader) take(n uint8) uint32 {
	v := uint32(r.buffer & (1<<n - 1))
	r.buffer >>= n
	r.bits -= int(n)
	return v
}

// skip passes over the code of e.
func (r *reader) skip(e entry) {
	r.buffer >>= e & 15
	r.bits -= int(e & 15)
}

// align goes to the next whole octet and gives back what the buffer has of
// those after it.
func (r *reader) align() {
	r.at -= max(r.bits, 0) >> 3
	r.buffer, r.bits = 0, 0
}

// stored copies a stored block; the reader is aligned.
func (r *reader) stored() error {
	if len(r.in)-r.at < 4 {
		return ErrTruncated
	}
	n, complement := binary.LittleEndian.Uint16(r.in[r.at:]), binary.LittleEndian.Uint16(r.in[r.at+2:])
	if n != ^complement {
		return ErrCorrupt
	}
	r.at += 4
	octets := r.in[r.at:min(r.at+int(n), len(r.in))]
	if len(r.out)-r.n < len(octets) {
		var err error
		if r.out, err = r.grow(r.out, r.n, len(octets)); err != nil {
			return err
		}
	}
	r.n += copy(r.out[r.n:], octets)
	r.at += len(octets)
	if len(octets) < int(n) {
		return ErrTruncated
	}
	return nil
}

// grow makes room for more octets after the n of out, within the limit.
func (r *reader) grow(out []byte, n, more int) ([]byte, error) {
	if r.end-n < more {
		return out, ErrTooLarge
	}
	grown := make([]byte, n+max(more, min(n-r.start+minRoom, r.end-n)))
	copy(grown, out[:n])
	return grown, nil
}

// minRoom is what a message has room for at first, in octets.
const minRoom = 512
