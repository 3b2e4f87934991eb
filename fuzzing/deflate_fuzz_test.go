package fuzzing_test

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"testing"

	"wsprobe/internal/deflate"
)

// Whatever a peer sends, it is inflated within the limit or refused; and where
// compress/flate takes it too, to the same octets.
func FuzzInflate(f *testing.F) {
	for _, seed := range []string{
		"\xf2\x48\xcd\xc9\xc9\x07\x00", "\x00\x05\x00\xfa\xffHello\x00", "\xf3\x48\xcd\xc9\xc9\x07\x00", "\x00", "",
		"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", "\xf2\x00\x11\x00\x00",
	} {
		f.Add([]byte(seed), uint8(15), []byte("Hello"))
	}
	c := deflate.NewCompressor(deflate.Params{Window: 15})
	text := []byte(strings.Repeat("text and more text, ", 50))
	f.Add(c.AppendBlocks(nil, text, deflate.Blocks{Kind: deflate.Dynamic}), uint8(8), []byte{})
	f.Fuzz(func(t *testing.T, payload []byte, window uint8, before []byte) {
		const limit = 1 << 16
		p := deflate.Params{Window: deflate.MinWindow + int(window)%8, Takeover: true}
		i := deflate.NewInflater(p)
		if _, err := i.Append(nil, deflate.NewCompressor(p).Append(nil, before), len(before)); err != nil {
			t.Fatal(err)
		}
		got, err := i.Append(nil, payload, limit)
		if len(got) > limit || cap(got) > limit || i.Reach().Distance > 1<<p.Window && err == nil {
			t.Fatalf("%d octets, room for %d, reach %+v, %v", len(got), cap(got), i.Reach(), err)
		}
		if err != nil || bytes.Contains(payload, []byte("\xff\xff\x00")) {
			return
		}
		in := io.MultiReader(bytes.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
		want, err := io.ReadAll(flate.NewReaderDict(in, before))
		if err == nil && !bytes.HasPrefix(got, want) { // it stops at a final block
			t.Errorf("%q is %q, compress/flate has %q", payload, got, want)
		}
	})
}

// What is compressed, by whatever blocks, comes back, and keeps to the window.
func FuzzCompress(f *testing.F) {
	f.Add([]byte("Hello"), []byte("Hello, Hello"), uint8(0), uint8(0), uint16(0))
	f.Add(bytes.Repeat([]byte("abcdefghijklmnopqrstuvwxyz0123456789"), 30), []byte{}, uint8(9), uint8(7), uint16(20))
	f.Fuzz(func(t *testing.T, first, second []byte, window, form uint8, octets uint16) {
		p := deflate.Params{Window: deflate.MinWindow + int(window)%8, Takeover: window >= 128}
		b := deflate.Blocks{Kind: deflate.Kind(form % 4), Final: form&4 != 0, Flush: form&8 != 0, Octets: int(octets)}
		c, i := deflate.NewCompressor(p), deflate.NewInflater(p)
		for _, message := range [][]byte{first, second, first} {
			payload := c.AppendBlocks(nil, message, b)
			got, err := i.Append(nil, payload, len(message))
			if err != nil || !bytes.Equal(got, message) {
				t.Fatalf("%+v, %+v: %q comes back as %q, %v", p, b, message, got, err)
			}
		}
	})
}
