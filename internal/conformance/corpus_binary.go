package conformance

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// photograph is a bitmap of 512 × 512 grey pixels: hills, smaller hills on them,
// and the noise of a film. Whole numbers only, so that it is the same on every
// machine.
func photograph(r *rand.Rand, octets int) []byte {
	const side = 512
	b := append([]byte("BM"), make([]byte, 52)...)
	for at, v := range map[int]int{2: octets, 10: 1078, 14: 40, 18: side, 22: side, 26: 1 | 8<<16, 34: side * side} {
		binary.LittleEndian.PutUint32(b[at:], uint32(v))
	}
	for i := range 256 {
		b = append(b, byte(i), byte(i), byte(i), 0)
	}
	large, small := hills(r, side, 64, 170), hills(r, side, 16, 80)
	for i := range side * side {
		noise := r.IntN(15) + r.IntN(15) - 14
		b = append(b, byte(min(max(large[i]+small[i]+noise, 0), 255)))
	}
	return b
}

// hills are heights below high on a square, random at every cell and even
// between.
func hills(r *rand.Rand, side, cell, high int) []int {
	across := side/cell + 1
	corners := make([]int, across*across)
	for i := range corners {
		corners[i] = r.IntN(high)
	}
	heights := make([]int, 0, side*side)
	for y := range side {
		for x := range side {
			c, dx, dy := corners[y/cell*across+x/cell:], x%cell, y%cell
			top := c[0]*(cell-dx) + c[1]*dx
			bottom := c[across]*(cell-dx) + c[across+1]*dx
			heights = append(heights, (top*(cell-dy)+bottom*dy)/(cell*cell))
		}
	}
	return heights
}

// document is a file of many compressed streams, each with a short head, and at
// the end a list of where they are.
func document(r *rand.Rand, octets int) []byte {
	const list = 25000
	var b []byte
	for n := 1; len(b) < octets-list; n++ {
		size := 2000 + r.IntN(4000)
		b = fmt.Appendf(b, "%d 0 object\n<< /Length %d /Filter /Deflate >>\nstream\n", n, size)
		for range size {
			b = append(b, byte(r.Uint32()))
		}
		b = append(b, "\nend of stream\nend of object\n"...)
	}
	for n := 1; len(b) < octets; n++ {
		b = fmt.Appendf(b, "%010d 00000 n\r\n", n*1000+r.IntN(1000))
	}
	return b
}
