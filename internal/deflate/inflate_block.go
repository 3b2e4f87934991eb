package deflate

import "encoding/binary"

// huffman inflates a block by its codes. What changes with each symbol is held
// in variables of its own, for speed.
func (i *Inflater) huffman(r *reader, lit, dist *table) (err error) {
	in, at, buffer, bits := r.in, r.at, r.buffer, r.bits
	out, n := r.out, r.n
	farthest := i.reach.Distance
	for {
		if bits < maxCodeBits+5 { // what a length takes at most
			if bits < 0 { // the literal was not there
				n, err = n-1, ErrTruncated
				break
			}
			buffer, bits, at = refill(in, buffer, bits, at)
		}
		e := lit.find(buffer)
		buffer >>= e & 15
		bits -= int(e & 15)
		if e.kind() == isLiteral {
			if n == len(out) {
				if bits < 0 {
					err = ErrTruncated
					break
				}
				if out, err = r.grow(out, n, 1); err != nil {
					break
				}
			}
			out[n] = byte(e >> 16)
			n++
			continue
		}
		if e.kind() != isSpan || bits < 0 {
			if bits < 0 || e.kind() != isEnd {
				err = corrupt(bits, at == len(in))
			}
			break
		}
		length := int(e>>16) + int(buffer&(1<<e.extra()-1))
		buffer >>= e.extra()
		bits -= int(e.extra())
		if bits < maxCodeBits+13 { // and a distance
			buffer, bits, at = refill(in, buffer, bits, at)
		}
		d := dist.find(buffer)
		buffer >>= d & 15
		distance := int(d>>16) + int(buffer&(1<<d.extra()-1))
		buffer >>= d.extra()
		bits -= int(d&15) + int(d.extra())
		if d.kind() != isSpan || bits < 0 {
			err = corrupt(bits, at == len(in))
			break
		}
		farthest = max(farthest, distance)
		if distance > min(n-r.start, i.window) || len(out)-n < length {
			if out, n, length, err = i.lead(r, out, n, distance, length); err != nil {
				break
			}
		}
		repeat(out, n, distance, length)
		n += length
	}
	r.at, r.buffer, r.bits, r.out, r.n = at, buffer, bits, out, n
	i.reach.Distance = farthest
	return err
}

// lead does what few spans need before they are repeated: it makes room for length
// octets at n, and takes those that lie before the message from the window. It returns
// where the rest goes, and how long that is.
func (i *Inflater) lead(r *reader, out []byte, n, distance, length int) ([]byte, int, int, error) {
	past := i.past[max(0, len(i.past)-i.window):]
	have := n - r.start
	if distance > i.window || distance > have+len(past) {
		return out, n, length, &DistanceError{distance, i.window, have + len(past)}
	}
	if len(out)-n < length {
		var err error
		if out, err = r.grow(out, n, length); err != nil {
			return out, n, length, err
		}
	}
	if distance <= have {
		return out, n, length, nil
	}
	i.reach.Before = max(i.reach.Before, distance-have)
	copied := copy(out[n:n+length], past[len(past)-(distance-have):])
	return out, n + copied, length - copied, nil
}

// repeat puts length octets at n that came distance before; they may overlap.
// What lies beyond them it may spoil.
func repeat(out []byte, n, distance, length int) {
	from, end := n-distance, n+length
	if distance >= 8 && len(out)-end >= 8 {
		for ; n < end; n, from = n+8, from+8 {
			binary.LittleEndian.PutUint64(out[n:], binary.LittleEndian.Uint64(out[from:]))
		}
		return
	}
	for n < end {
		n += copy(out[n:end], out[from:n])
	}
}

// corrupt tells a code that does not exist from one that is not all there.
func corrupt(bits int, ended bool) error {
	if bits < 0 || bits < maxCodeBits && ended {
		return ErrTruncated
	}
	return ErrCorrupt
}
