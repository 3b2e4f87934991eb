package runner

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// weaknesses returns the rows that keys break.
func weaknesses(n int, key func(i int) uint32) (rows []string) {
	var f freshness
	for i := range n {
		var k [4]byte
		binary.BigEndian.PutUint32(k[:], key(i))
		if row, _ := f.add(k); row != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// The stated rate of false alarms is kept: of these runs of random keys, all
// drawn from seeds, one in 8000 may be blamed.
func TestFreshKeys(t *testing.T) {
	blamed := 0
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		if rows := weaknesses(2*maxKeys, func(int) uint32 { return random.Uint32() }); rows != nil {
			blamed++
		}
	}
	if blamed > 2 {
		t.Errorf("%d of 2000 runs of random keys are blamed", blamed)
	}
}

func TestWeakKeys(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for name, tt := range map[string]struct {
		n    int
		key  func(i int) uint32
		want string
	}{
		"constant":                 {2, func(int) uint32 { return 0x12345678 }, "MSK-06"},
		"a counter":                {3, func(i int) uint32 { return uint32(i) + 7 }, "MSK-06"},
		"a step":                   {3, func(i int) uint32 { return uint32(i) * 0x01010101 }, "MSK-06"},
		"a counter down":           {3, func(i int) uint32 { return uint32(1 - i) }, "MSK-06"},
		"zeros":                    {2, func(int) uint32 { return 0 }, "MSK-08"},
		"one key of zeros":         {20, func(i int) uint32 { return random.Uint32() * uint32(min(i, 1)) }, ""},
		"zeros now and then":       {20, func(i int) uint32 { return random.Uint32() * uint32(i%5) / uint32(max(i%5, 1)) }, "MSK-08"},
		"a bit that is never set":  {48, func(int) uint32 { return random.Uint32() &^ 0x8000 }, "MSK-06"},
		"a bit that is always set": {48, func(int) uint32 { return random.Uint32() | 1 }, "MSK-06"},
		"too few to tell":          {47, func(int) uint32 { return random.Uint32() | 1 }, ""},
		"eight keys in turn":       {9, func(i int) uint32 { return uint32(i%8)*uint32(i%8) + 99 }, "MSK-06"},
	} {
		rows := weaknesses(tt.n, tt.key)
		if got := strings.Join(rows, " "); tt.want == "" && got != "" || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
