package deflate

// header is the code lengths of a dynamic block, as they are sent (RFC 1951
// §3.2.7).
type header struct {
	lits, dists, lens int // how many are sent of each
	symbols           []lenSymbol
	frequencies       [lenSymbols]int32
	lengths           [lenSymbols]uint8
	words             [lenSymbols]codeword
}

// lenSymbol is a code length, or how often one repeats: the value is that of the
// extra bits.
type lenSymbol struct{ symbol, value uint8 }

// lenExtra returns how many extra bits a symbol has.
func lenExtra(symbol uint8) uint {
	switch symbol {
	case 16:
		return 2
	case 17:
		return 3
	case 18:
		return 7
	}
	return 0
}

// plan decides how code lengths are sent.
func (h *header) plan(lit, dist []uint8) {
	h.lits, h.dists = used(lit, 257), used(dist, 1)
	h.symbols = h.symbols[:0]
	clear(h.frequencies[:])
	var all [litSymbols + distSymbols]uint8
	n := copy(all[:], lit[:h.lits])
	n += copy(all[n:], dist[:h.dists])
	for i := 0; i < n; {
		run := i + 1
		for run < n && all[run] == all[i] {
			run++
		}
		h.run(all[i], run-i)
		i = run
	}
	lengthsOf(h.lengths[:], h.frequencies[:], maxLenBits)
	assign(h.words[:], h.lengths[:])
	h.lens = lenSymbols
	for h.lens > 4 && h.lengths[lenOrder[h.lens-1]] == 0 {
		h.lens--
	}
}

// used returns how many lengths there are without the zeros at the end.
func used(lengths []uint8, least int) int {
	n := len(lengths)
	for n > least && lengths[n-1] == 0 {
		n--
	}
	return n
}

// run adds count times the same length.
func (h *header) run(length uint8, count int) {
	if length > 0 {
		h.add(length, 0)
		count--
	}
	for count >= minMatch {
		var n int
		switch {
		case length > 0:
			n = min(count, 6)
			h.add(16, n-3)
		case count <= 10:
			n = count
			h.add(17, n-3)
		default:
			n = min(count, 138)
			h.add(18, n-11)
		}
		count -= n
	}
	for range count {
		h.add(length, 0)
	}
}

func (h *header) add(symbol uint8, value int) {
	h.symbols = append(h.symbols, lenSymbol{symbol, uint8(value)})
	h.frequencies[symbol]++
}

// bits returns the size of the header.
func (h *header) bits() int {
	n := 5 + 5 + 4 + 3*h.lens
	for symbol, f := range h.frequencies {
		n += int(f) * (int(h.lengths[symbol]) + int(lenExtra(uint8(symbol))))
	}
	return n
}

func (h *header) write(w *writer) {
	w.put(uint64(h.lits-257), 5)
	w.put(uint64(h.dists-1), 5)
	w.put(uint64(h.lens-4), 4)
	for _, symbol := range lenOrder[:h.lens] {
		w.put(uint64(h.lengths[symbol]), 3)
	}
	for _, s := range h.symbols {
		word := h.words[s.symbol]
		w.put(uint64(word.bits)|uint64(s.value)<<word.n, uint(word.n)+lenExtra(s.symbol))
	}
}
