package deflate

// Inflater inflates the messages of one direction of a connection. It keeps at
// most twice the window, besides what it appends to.
type Inflater struct {
	takeover bool
	window   int
	past     []byte // what came before the message, its last window octets of use

	lit, dist           table
	fixedLit, fixedDist table
	reach               Reach
}

// Reach is how far back a message referred, in octets; 0 for not at all.
type Reach struct {
	Distance int // the longest distance
	Before   int // of it, what lies before the message: context takeover in use
}

// NewInflater returns an Inflater with an empty window. It panics if p.Window
// is out of bounds.
func NewInflater(p Params) *Inflater {
	return &Inflater{takeover: p.Takeover, window: p.window()}
}

// Reach returns how far back the last message referred, as far as it was read.
func (i *Inflater) Reach() Reach { return i.reach }

// Append inflates the payload of a message, without the tail of RFC 7692
// §7.2.2, to dst. It never appends more than limit octets, nor makes room for
// more. The error is ErrTooLarge, ErrTruncated, ErrTail, ErrCorrupt or a *DistanceError,
// and dst has what came before it; the window is of no use then.
func (i *Inflater) Append(dst, payload []byte, limit int) ([]byte, error) {
	r := reader{in: payload, n: len(dst), start: len(dst), end: len(dst) + limit}
	r.out = dst[:min(cap(dst), r.end)]
	i.reach = Reach{}
	err := i.blocks(&r)
	dst = r.out[:r.n]
	i.remember(dst[r.start:])
	return dst, err
}

// remember keeps the window for the next message.
func (i *Inflater) remember(message []byte) {
	if i.takeover {
		i.past = slide(i.past, message, i.window)
	}
}

// slide appends message to past, of which the last window octets count. It
// holds at most twice as many.
func slide(past, message []byte, window int) []byte {
	if len(message) >= window {
		return append(past[:0], message[len(message)-window:]...)
	}
	if len(past)+len(message) > 2*window {
		past = past[:copy(past, past[len(past)-(window-len(message)):])]
	}
	return append(past, message...)
}

// blocks inflates blocks up to the empty stored one of which the tail was
// removed. A final block is one like others: "the last block" is of the
// message, and the connection goes on (RFC 7692 §7.2.3.4).
func (i *Inflater) blocks(r *reader) error {
	for final := false; ; {
		r.refill()
		if r.bits < 3 && final {
			return nil // all is there; only the empty block is not, and many end so
		}
		if r.bits < 3 {
			return ErrTail
		}
		head := r.take(3)
		var err error
		final = head&1 == 1
		switch head >> 1 {
		case blockStored:
			r.align()
			if r.at == len(r.in) {
				return nil // "00 00 ff ff" would follow
			}
			err = r.stored()
		case blockFixed:
			if !i.fixedLit.built {
				lit, dist := fixedLengths()
				i.fixedLit.build(lit[:], lengthSpans[:], firstLength)
				i.fixedDist.build(dist[:], distanceSpans[:], 0)
			}
			err = i.huffman(r, &i.fixedLit, &i.fixedDist)
		case blockDynamic:
			if err = i.dynamic(r); err == nil {
				err = i.huffman(r, &i.lit, &i.dist)
			}
		default:
			err = ErrCorrupt
		}
		if err != nil {
			return err
		}
		if final {
			r.align()
		}
	}
}

// dynamic reads the codes of a block (RFC 1951 §3.2.7).
func (i *Inflater) dynamic(r *reader) error {
	r.refill()
	lits, dists, lens := int(r.take(5))+257, int(r.take(5))+1, int(r.take(4))+4
	if lits > litSymbols || dists > distSymbols {
		return ErrCorrupt
	}
	var lengths [litSymbols + distSymbols]uint8
	for _, symbol := range lenOrder[:lens] {
		r.refill()
		lengths[symbol] = uint8(r.take(3))
	}
	if r.bits < 0 {
		return ErrTruncated
	}
	if !i.lit.build(lengths[:lenSymbols], nil, lenSymbols) {
		return ErrCorrupt
	}
	clear(lengths[:lenSymbols])
	for n := 0; n < lits+dists; {
		r.refill()
		e := i.lit.find(r.buffer)
		r.skip(e)
		count, repeated := 1, uint8(e>>16)
		switch {
		case e.kind() != isLiteral:
			return corrupt(r.bits, r.at == len(r.in))
		case repeated == 16 && n == 0:
			return ErrCorrupt
		case repeated == 16:
			count, repeated = 3+int(r.take(2)), lengths[n-1]
		case repeated == 17:
			count, repeated = 3+int(r.take(3)), 0
		case repeated == 18:
			count, repeated = 11+int(r.take(7)), 0
		}
		if r.bits < 0 {
			return ErrTruncated
		}
		if n+count > lits+dists {
			return ErrCorrupt
		}
		for range count {
			lengths[n] = repeated
			n++
		}
	}
	if !i.lit.build(lengths[:lits], lengthSpans[:], firstLength) || !i.dist.build(lengths[lits:lits+dists], distanceSpans[:], 0) {
		return ErrCorrupt
	}
	return nil
}
