package wire_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	. "wsprobe/internal/wire"
)

// naive masks as RFC 6455 §5.3 puts it: "transformed-octet-i = original-octet-i
// XOR masking-key-octet-(i MOD 4)".
func naive(b []byte, key [4]byte, offset int) {
	for i := range b {
		b[i] ^= key[(offset+i)%4]
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// The example of RFC 6455 §5.7.
func TestMaskSample(t *testing.T) {
	b := []byte("Hello")
	Mask(b, sampleKey, 0)
	if want := octets(t, "7f9f4d5158"); !bytes.Equal(b, want) {
		t.Errorf("% x, want % x", b, want)
	}
	Mask(b, sampleKey, 0)
	if string(b) != "Hello" {
		t.Errorf("masked twice: %q", b)
	}
}

func TestMaskEqualsNaive(t *testing.T) {
	const guard = 16
	for length := range 201 {
		for offset := range 9 {
			for alignment := range 8 {
				got := noise(alignment + length + guard)
				want := bytes.Clone(got)
				Mask(got[alignment:alignment+length], sampleKey, offset)
				naive(want[alignment:alignment+length], sampleKey, offset)
				if !bytes.Equal(got, want) {
					t.Fatalf("%d octets from payload octet %d, at address %d:\n% x, want\n% x", length, offset, alignment, got, want)
				}
			}
		}
	}
}

func TestMaskInPieces(t *testing.T) {
	const length = 200
	want := noise(length)
	Mask(want, sampleKey, 0)
	for size := 1; size <= length; size++ {
		got := noise(length)
		for from := 0; from < length; from += size {
			Mask(got[from:min(from+size, length)], sampleKey, from)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("in pieces of %d octets: % x, want % x", size, got, want)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	for _, size := range []int{16, 125, 4096, 1 << 20} {
		payload := make([]byte, size)
		for name, mask := range map[string]func([]byte, [4]byte, int){"words": Mask, "octets": naive} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					mask(payload, sampleKey, 1)
				}
			})
		}
	}
}
