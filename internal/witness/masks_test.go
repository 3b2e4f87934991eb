package witness

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// Keys of chance are never named.
func TestMasksOfChance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var m masks
	for range 1 << 20 {
		var key [4]byte
		binary.BigEndian.PutUint32(key[:], random.Uint32())
		if why := m.next(key); why != "" {
			t.Fatal(why)
		}
	}
}
