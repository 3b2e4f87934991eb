package deflate

import (
	"math/bits"
	"slices"
)

// codeword is the code of a symbol: the bits as they go out, and how many.
type codeword struct {
	bits uint16
	n    uint8
}

// assign gives the symbols of these lengths the canonical code (RFC 1951
// §3.2.2). words has room for as many.
func assign(words []codeword, lengths []uint8) {
	var count, next [maxCodeBits + 1]uint16
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	for n := 1; n <= maxCodeBits; n++ {
		next[n] = (next[n-1] + count[n-1]) << 1
	}
	for symbol, n := range lengths {
		words[symbol] = codeword{bits.Reverse16(next[n]) >> (16 - n), n}
		next[n]++
	}
}

// lengthsOf finds the code lengths of at most most bits that make symbols of
// these frequencies shortest, or nearly so. Where fewer than two occur, two get
// a code of one bit: some receivers take no other.
func lengthsOf(lengths []uint8, frequencies []int32, most int) {
	var room [litSymbols]uint64
	sorted := room[:0]
	for symbol, f := range frequencies {
		lengths[symbol] = 0
		if f > 0 {
			sorted = append(sorted, uint64(f)<<16|uint64(symbol))
		}
	}
	for symbol := uint64(0); len(sorted) < 2; symbol++ {
		if frequencies[symbol] == 0 {
			sorted = append(sorted, symbol)
		}
	}
	slices.Sort(sorted)
	var depths [litSymbols]int32
	for i, key := range sorted {
		depths[i] = int32(key >> 16)
	}
	deepen(depths[:len(sorted)])
	var count [maxCodeBits + 1]int
	for _, depth := range depths[:len(sorted)] {
		count[min(int(depth), most)]++
	}
	limit(count[:most+1])
	i := 0
	for n := most; n > 0; n-- { // the rarest have the longest
		for range count[n] {
			lengths[uint16(sorted[i])] = uint8(n)
			i++
		}
	}
}

// deepen turns frequencies, the lowest first, into the depths of a Huffman tree,
// in place (Moffat and Katajainen 1995).
func deepen(a []int32) {
	n := len(a)
	leaf, root := 0, 0
	pick := func(next int) int32 { // the lighter of the next leaf and the next tree
		if leaf >= n || root < next && a[root] < a[leaf] {
			weight := a[root]
			a[root] = int32(next)
			root++
			return weight
		}
		leaf++
		return a[leaf-1]
	}
	for next := 0; next < n-1; next++ {
		weight := pick(next)
		a[next] = weight + pick(next)
	}
	a[n-2] = 0
	for i := n - 3; i >= 0; i-- { // parents to depths
		a[i] = a[a[i]] + 1
	}
	for available, used, depth, next, node := 1, 0, int32(0), n-1, n-2; available > 0; depth++ {
		for node >= 0 && a[node] == depth {
			used, node = used+1, node-1
		}
		for ; available > used; available-- {
			a[next] = depth
			next--
		}
		available, used = 2*used, 0
	}
}

// limit makes counts of lengths, of which the longest were cut, a code again:
// for each codeword too many a shorter one becomes two that are longer.
func limit(count []int) {
	most := len(count) - 1
	total := 0
	for n, c := range count {
		if n > 0 {
			total += c << (most - n)
		}
	}
	for ; total > 1<<most; total-- {
		n := most - 1
		for count[n] == 0 {
			n--
		}
		count[most]--
		count[n]--
		count[n+1] += 2
	}
}
