package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// Short messages refer to those before them, whatever the window: that is what
// context takeover is for, and what a test of it must do.
func TestShortMessagesReferBack(t *testing.T) {
	text := bytes.Repeat([]byte("{\"case\": \"7.1.1\", \"behavior\": \"OK\"}, "), 20)
	eachParams(t, func(t *testing.T, p Params) {
		for size := 16; size < 256; size += 7 {
			c, i := NewCompressor(p), NewInflater(p)
			back := 0
			for at := 0; at+size <= len(text); at += size {
				if _, err := i.Append(nil, c.Append(nil, text[at:at+size]), size); err != nil {
					t.Fatal(err)
				}
				if i.Reach().Before > 0 {
					back++
				}
			}
			if messages := len(text) / size; p.Takeover && back < messages-38/size-1 || !p.Takeover && back > 0 {
				t.Errorf("%d of %d messages of %d octets refer to those before", back, messages, size)
			}
		}
	})
}

// A Compressor that was used finds no other matches than a new one, although what
// it remembers of places may be right by chance.
func TestReset(t *testing.T) {
	eachParams(t, func(t *testing.T, p Params) {
		random := rand.New(rand.NewPCG(1, 2))
		used := NewCompressor(p)
		for range 300 {
			message := make([]byte, random.IntN(2000))
			for i := range message {
				message[i] = "ab"[random.IntN(2)]
			}
			used.Reset()
			if got, want := used.Append(nil, message), NewCompressor(p).Append(nil, message); !bytes.Equal(got, want) {
				t.Fatalf("%d octets become %d, and %d for a new one", len(message), len(got), len(want))
			}
		}
	})
}

// What is far is found as far as the window goes, and no further.
func TestDistances(t *testing.T) {
	random := texts()["random"]
	for bits := MinWindow; bits <= MaxWindow; bits++ {
		for _, off := range []int{-1, 0, 1} {
			distance := 1<<bits + off
			c, i := NewCompressor(Params{bits, true}), NewInflater(Params{MaxWindow, true})
			text := append(bytes.Clone(random[:distance]), random[:20]...)
			i.Append(nil, c.Append(nil, text[:distance]), distance)
			got, err := i.Append(nil, c.Append(nil, text[distance:]), 20)
			if err != nil || !bytes.Equal(got, text[distance:]) {
				t.Fatalf("%d bits, %d back: %q, %v", bits, distance, got, err)
			}
			want := Reach{}
			if off <= 0 {
				want = Reach{distance, distance}
			}
			if i.Reach() != want {
				t.Errorf("%d bits, %d back: %+v, want %+v", bits, distance, i.Reach(), want)
			}
		}
	}
}

// Stored blocks are text to refer to as others are.
func TestStoredBlocksAreReferredTo(t *testing.T) {
	p := Params{MaxWindow, true}
	c, i := NewCompressor(p), NewInflater(p)
	text := texts()["random"][:100]
	i.Append(nil, c.AppendBlocks(nil, text, Blocks{Kind: Stored}), len(text))
	got, err := i.Append(nil, c.Append(nil, text), len(text))
	if err != nil || !bytes.Equal(got, text) || i.Reach() != (Reach{100, 100}) {
		t.Errorf("%+v, %v", i.Reach(), err)
	}
}

// The examples of RFC 7692 §7.2.3.
func TestExamples(t *testing.T) {
	c := NewCompressor(Params{MaxWindow, true})
	for _, e := range []struct {
		message string
		blocks  Blocks
		want    string
	}{
		{"Hello", Blocks{}, "f2 48 cd c9 c9 07 00"},
		{"", Blocks{}, "00"},
		{"Hello", Blocks{Kind: Stored}, "00 05 00 fa ff 48 65 6c 6c 6f 00"},
	} {
		if got := fmt.Sprintf("% x", c.AppendBlocks(nil, []byte(e.message), e.blocks)); got != e.want {
			t.Errorf("%q is %s, want %s", e.message, got, e.want)
		}
	}
	c = NewCompressor(Params{MaxWindow, false})
	for _, e := range []struct {
		blocks Blocks
		want   string
	}{
		{Blocks{Final: true}, "f3 48 cd c9 c9 07 00 00"}, // the padding there is the end of the block here
		{Blocks{Kind: Fixed, Octets: 3, Flush: true}, "f2 48 cd 01 00 00 00 ff ff ca c9 07 00"},
	} {
		if got := fmt.Sprintf("% x", c.AppendBlocks(nil, []byte("Hello"), e.blocks)); got != e.want {
			t.Errorf("%+v: %s, want %s", e.blocks, got, e.want)
		}
	}
}

func TestBlocks(t *testing.T) {
	for kind := Best; kind <= Dynamic; kind++ {
		for _, b := range []Blocks{{}, {Final: true}, {Octets: 100}, {Octets: 100, Flush: true}, {Octets: 7, Final: true, Flush: true}} {
			b.Kind = kind
			c, i := NewCompressor(Params{12, true}), NewInflater(Params{12, true})
			for name, text := range texts() {
				if b.Octets > 0 { // so many blocks take their time
					text = text[:min(len(text), 5000)]
				}
				got, err := i.Append(nil, c.AppendBlocks(nil, text, b), len(text))
				if err != nil || !bytes.Equal(got, text) {
					t.Errorf("%+v, %s: %d octets of %d, %v", b, name, len(got), len(text), err)
				}
			}
		}
	}
}

// Places are counted up to 65536 only: what was there a round before, or is yet to
// come, is no match.
func TestPlacesComeAgain(t *testing.T) {
	random := make([]byte, 1<<16)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(random); i++ {
		random[i] = byte(r.Uint32())
	}
	prose := texts()["prose"]
	for _, takeover := range []bool{false, true} {
		p := Params{MaxWindow, takeover}
		c, i := NewCompressor(p), NewInflater(p)
		for _, text := range [][]byte{random, random, random[:1<<15], random[:1<<15], prose, prose, random, prose, prose[:1<<15], random} {
			got, err := i.Append(nil, c.Append(nil, text), len(text))
			if err != nil || !bytes.Equal(got, text) {
				t.Fatalf("takeover %v: %d octets of %d, %v", takeover, len(got), len(text), err)
			}
		}
	}
}

// Codes of rare symbols would be longer than they may.
func TestLengthsAreLimited(t *testing.T) {
	frequencies := make([]int32, 40)
	a, b := int32(1), int32(1)
	for i := range frequencies {
		frequencies[i] = a
		a, b = b, a+b
	}
	for _, most := range []int{maxLenBits, maxLitBits, maxCodeBits} {
		lengths := make([]uint8, len(frequencies))
		lengthsOf(lengths, frequencies, most)
		sum := 0
		for i, n := range lengths {
			if n == 0 || int(n) > most || i > 0 && n > lengths[i-1] {
				t.Fatalf("lengths %v", lengths)
			}
			sum += 1 << (most - int(n))
		}
		if sum != 1<<most {
			t.Errorf("%v are no complete code", lengths)
		}
	}
}

// In the long run messages cost no memory.
func TestNoAllocations(t *testing.T) {
	p := Params{MaxWindow, true}
	c, i := NewCompressor(p), NewInflater(p)
	text := texts()["prose"]
	var payload, back []byte
	var err error
	round := func() {
		payload = c.Append(payload[:0], text)
		if back, err = i.Append(back[:0], payload, len(text)); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		round()
	}
	if n := testing.AllocsPerRun(20, round); n > 0 {
		t.Errorf("%v allocations a message", n)
	}
	if len(i.past) > 2*i.window {
		t.Errorf("%d octets are kept of a window of %d", len(i.past), i.window)
	}
}
