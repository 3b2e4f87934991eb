package deflate

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	octets, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

// What RFC 7692 §7.2.3 shows, and what else an encoder may do.
func TestInflate(t *testing.T) {
	for _, e := range []struct{ name, payload, want string }{
		{"§7.2.3.1", "f2 48 cd c9 c9 07 00", "Hello"},
		{"§7.2.3.3", "00 05 00 fa ff 48 65 6c 6c 6f 00", "Hello"},
		{"§7.2.3.4", "f3 48 cd c9 c9 07 00", "Hello"},
		{"a final block and an empty one", "f3 48 cd c9 c9 07 00 00", "Hello"},
		{"§7.2.3.5", "f2 48 05 00 00 00 ff ff ca c9 c9 07 00", "Hello"},
		{"§7.2.3.6", "00", ""},
		{"blocks after a final one", "f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00", "HelloHello"},
		{"a final stored block", "01 05 00 fa ff 48 65 6c 6c 6f", "Hello"},
		{"an empty final block", "03 00", ""},
	} {
		i := NewInflater(Params{MinWindow, false})
		if got, err := i.Append(nil, unhex(t, e.payload), 10); err != nil || string(got) != e.want {
			t.Errorf("%s: %q, %v", e.name, got, err)
		}
	}
}

// §7.2.3.2: the second Hello is a reference to the first.
func TestInflateTakesOver(t *testing.T) {
	second := unhex(t, "f2 00 11 00 00")
	i := NewInflater(Params{MinWindow, true})
	i.Append(nil, unhex(t, "f2 48 cd c9 c9 07 00"), 5)
	if got, err := i.Append(nil, second, 5); err != nil || string(got) != "Hello" || i.Reach() != (Reach{5, 4}) {
		t.Errorf("%q, %v, %+v", got, err, i.Reach())
	}
	i = NewInflater(Params{MinWindow, false})
	i.Append(nil, unhex(t, "f2 48 cd c9 c9 07 00"), 5)
	_, err := i.Append(nil, second, 5)
	if want := "deflate: a distance of 5 octets after 1"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// The agreed window is kept to, though there is more to refer to.
func TestInflateWithinTheWindow(t *testing.T) {
	random := texts()["random"]
	for bits := MinWindow; bits < MaxWindow; bits++ {
		for _, cut := range []int{0, 100} { // octets that are in a message before
			for off := range 2 {
				distance := 1<<bits + off
				i := NewInflater(Params{bits, true})
				i.Append(nil, NewCompressor(Params{bits, true}).Append(nil, random[:cut]), cut)
				got, err := i.Append(nil, referring(random[cut:distance], 20, distance), distance+20)
				var d *DistanceError
				switch {
				case off == 0 && (err != nil || !bytes.HasSuffix(got, random[:20])):
					t.Errorf("%d bits, cut at %d: %v", bits, cut, err)
				case off == 1 && (!errors.As(err, &d) || d.Distance != distance || d.Window != 1<<bits):
					t.Errorf("%d bits, cut at %d, one too far: %v", bits, cut, err)
				}
			}
		}
	}
}

// referring returns a payload of literals and a match.
func referring(literals []byte, length, distance int) []byte {
	var w writer
	var b block
	b.reset()
	b.add(literals, length, distance)
	b.end()
	b.write(&w, append(bytes.Clone(literals), make([]byte, length)...), Fixed, false)
	w.put(0, 3)
	w.align()
	return w.out
}

// A peer that leaves the tail where it is (RFC 7692 §7.2.1) is told apart.
func TestInflateTail(t *testing.T) {
	i := NewInflater(Params{15, true})
	if got, err := i.Append(nil, unhex(t, "f2 48 cd c9 c9 07 00 00 00 ff ff"), 10); err != ErrTail {
		t.Errorf("%q, %v", got, err)
	}
}

// What is not all there is an error wherever it ends.
func TestInflateTruncated(t *testing.T) {
	for name, text := range texts() {
		if len(text) > 1500 {
			text = text[:1500]
		}
		for kind := Best; kind <= Dynamic && len(text) > 0; kind++ {
			payload := NewCompressor(Params{15, false}).AppendBlocks(nil, text, Blocks{Kind: kind})
			i := NewInflater(Params{15, false})
			for n := range payload {
				got, err := i.Append(nil, payload[:n], len(text))
				if n == 1 && payload[0] == 0 {
					continue // a message of its own
				}
				if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrTail) || !bytes.HasPrefix(text, got) {
					t.Fatalf("%s, kind %d: %d octets of %d: %d of %d, %v", name, kind, n, len(payload), len(got), len(text), err)
				}
			}
		}
	}
}

func TestInflateCorrupt(t *testing.T) {
	for name, payload := range map[string]string{
		"block type 3":          "07 00",
		"length of stored":      "00 05 00 fa fe 48 65 6c 6c 6f 00",
		"287 literals":          "f4 00 00 00 00 00 00 00 00 00 00 00",
		"31 distances":          "04 1e 00 00 00 00 00 00 00 00 00 00",
		"no lengths of lengths": "04 00 00 00 00 00 00 00 00 00 00 00",
		"too many short codes":  "04 00 fe ff ff ff ff ff ff ff ff ff",
	} {
		if got, err := NewInflater(Params{15, true}).Append(nil, unhex(t, payload), 100); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A bomb costs the limit, whoever lit it.
func TestInflateIsBounded(t *testing.T) {
	const size = 8 << 20
	zeros := make([]byte, size)
	for _, kind := range []Kind{Fixed, Dynamic, Stored} {
		c := NewCompressor(Params{15, false})
		bomb := c.AppendBlocks(nil, zeros, Blocks{Kind: kind})
		for _, limit := range []int{0, 1, 1000, 1 << 20} {
			i := NewInflater(Params{15, true})
			got, err := i.Append(nil, bomb, limit)
			if !errors.Is(err, ErrTooLarge) || len(got) > limit || cap(got) > limit {
				t.Errorf("kind %d, limit %d: room for %d, %v", kind, limit, cap(got), err)
			}
		}
	}
	if got, err := NewInflater(Params{15, true}).Append(nil, unhex(t, "f2 48 cd c9 c9 07 00"), 5); err != nil {
		t.Errorf("%q, %v: the limit itself is no fault", got, err)
	}
}
