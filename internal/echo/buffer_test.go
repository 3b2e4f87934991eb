package echo

import "testing"

func TestBufferPool(t *testing.T) {
	var p bufferPool
	for _, n := range []int{0, 1, firstBuffer - 1, firstBuffer, firstBuffer + 1, aheadBuffer, keptBuffer, keptBuffer + 1} {
		for range 3 {
			b := p.get(n)
			if len(b.octets) != 0 || cap(b.octets) < n || cap(b.octets) >= 2*max(n, firstBuffer) {
				t.Errorf("for %d octets: a buffer with %d of %d used", n, len(b.octets), cap(b.octets))
			}
			b.octets = append(b.octets, "used"...)
			p.put(b)
		}
	}
	p.put(nil)
	b := p.get(firstBuffer)
	b.octets = b.octets[:firstBuffer]
	b.octets[firstBuffer-1] = 'x'
	if b = p.grown(b); b.full() || len(b.octets) != firstBuffer || b.octets[firstBuffer-1] != 'x' {
		t.Error("a grown buffer has other octets")
	}
}
