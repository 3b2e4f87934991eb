package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	. "wsprobe/internal/wire"
)

var sampleKey = [4]byte{0x37, 0xfa, 0x21, 0x3d} // of RFC 6455 §5.7

// octets reads hex in pairs, blanks between them.
func octets(t testing.TB, pairs string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(pairs, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var headers = []struct {
	name   string
	octets string
	header Header
}{
	// The examples of RFC 6455 §5.7.
	{"text", "81 05", Header{Fin: true, Opcode: Text, Length: 5, Form: Form7}},
	{"masked text", "81 85 37fa213d", Header{Fin: true, Opcode: Text, Masked: true, Key: sampleKey, Length: 5, Form: Form7}},
	{"first fragment", "01 03", Header{Opcode: Text, Length: 3, Form: Form7}},
	{"last fragment", "80 02", Header{Fin: true, Opcode: Continuation, Length: 2, Form: Form7}},
	{"ping", "89 05", Header{Fin: true, Opcode: Ping, Length: 5, Form: Form7}},
	{"masked pong", "8a 85 37fa213d", Header{Fin: true, Opcode: Pong, Masked: true, Key: sampleKey, Length: 5, Form: Form7}},
	{"256 octets", "82 7e 0100", Header{Fin: true, Opcode: Binary, Length: 256, Form: Form16}},
	{"64 KiB", "82 7f 0000000000010000", Header{Fin: true, Opcode: Binary, Length: 65536, Form: Form64}},

	// The borders of the lawful forms.
	{"nothing", "88 00", Header{Fin: true, Opcode: Close, Form: Form7}},
	{"125", "82 7d", Header{Fin: true, Opcode: Binary, Length: 125, Form: Form7}},
	{"126", "82 7e 007e", Header{Fin: true, Opcode: Binary, Length: 126, Form: Form16}},
	{"65535", "82 7e ffff", Header{Fin: true, Opcode: Binary, Length: 65535, Form: Form16}},
	{"2^63-1", "82 7f 7fffffffffffffff", Header{Fin: true, Opcode: Binary, Length: math.MaxInt64, Form: Form64}},

	// What no endpoint may send.
	{"0 in 16 bits", "81 7e 0000", Header{Fin: true, Opcode: Text, Form: Form16}},
	{"125 in 16 bits", "81 fe 007d 37fa213d", Header{Fin: true, Opcode: Text, Masked: true, Key: sampleKey, Length: 125, Form: Form16}},
	{"0 in 64 bits", "81 7f 0000000000000000", Header{Fin: true, Opcode: Text, Form: Form64}},
	{"65535 in 64 bits", "81 7f 000000000000ffff", Header{Fin: true, Opcode: Text, Length: 65535, Form: Form64}},
	{"2^63", "82 7f 8000000000000000", Header{Fin: true, Opcode: Binary, Length: 1 << 63, Form: Form64}},
	{"2^64-1", "82 ff ffffffffffffffff 37fa213d", Header{Fin: true, Opcode: Binary, Masked: true, Key: sampleKey, Length: math.MaxUint64, Form: Form64}},
	{"RSV1", "c1 00", Header{Fin: true, RSV: 4, Opcode: Text, Form: Form7}},
	{"RSV2", "a1 00", Header{Fin: true, RSV: 2, Opcode: Text, Form: Form7}},
	{"RSV3", "91 00", Header{Fin: true, RSV: 1, Opcode: Text, Form: Form7}},
	{"all bits", "ff 80 00000000", Header{Fin: true, RSV: 7, Opcode: 15, Masked: true, Form: Form7}},
	{"reserved opcode", "03 00", Header{Opcode: 3, Form: Form7}},
	{"fragmented ping", "09 00", Header{Opcode: Ping, Form: Form7}},
}

func TestHeaderOctets(t *testing.T) {
	for _, c := range headers {
		want := octets(t, c.octets)
		if got := c.header.Append(nil); !bytes.Equal(got, want) {
			t.Errorf("%s: %v is % x, want % x", c.name, c.header, got, want)
		}
		if got := c.header.Size(); got != len(want) {
			t.Errorf("%s: %d octets, want %d", c.name, got, len(want))
		}
		got, err := ReadHeader(bytes.NewReader(want))
		if err != nil || got != c.header {
			t.Errorf("%s: % x is %+v, error %v, want %+v", c.name, want, got, err, c.header)
		}
	}
}

// Without a form the shortest is taken, and reading tells which that was.
func TestHeaderRoundTrip(t *testing.T) {
	lengths := []uint64{0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 1 << 31, 1 << 32, 1<<32 + 5, 1<<63 - 1, 1 << 63, math.MaxUint64}
	for _, length := range lengths {
		for _, masked := range []bool{false, true} {
			for first := range 256 {
				h := Header{Fin: first&0x80 != 0, RSV: uint8(first >> 4 & 7), Opcode: Opcode(first & 15), Masked: masked, Length: length}
				if masked {
					h.Key = sampleKey
				}
				b := h.Append([]byte("before"))[len("before"):]
				if b[0] != byte(first) || b[1]&0x80 != 0 != masked || len(b) != h.Size() || len(b) > MaxHeader {
					t.Fatalf("%+v is % x, %d octets", h, b, h.Size())
				}
				h.Form = ShortestForm(length)
				rest := bytes.NewReader(append(b, "payload"...))
				if got, err := ReadHeader(rest); err != nil || got != h {
					t.Fatalf("% x is %+v, error %v, want %+v", b, got, err, h)
				}
				if rest.Len() != len("payload") {
					t.Fatalf("of the payload behind % x %d octets are left", b, rest.Len())
				}
			}
		}
	}
}

func TestShortestForm(t *testing.T) {
	for length, want := range map[uint64]LengthForm{
		0: Form7, 125: Form7, 126: Form16, 65535: Form16, 65536: Form64, math.MaxUint64: Form64,
	} {
		if got := ShortestForm(length); got != want {
			t.Errorf("%d needs %d bits, want %d", length, got, want)
		}
	}
}

// A length that does not fit its form loses its high bits, and nothing else of
// the header changes. Such octets need not say what the header said.
func TestAppendObeys(t *testing.T) {
	for _, c := range []struct {
		header Header
		want   string
	}{
		{Header{Fin: true, Opcode: Text, Length: 0x1234, Form: Form7}, "81 34"},
		{Header{Fin: true, Opcode: Text, Length: 0x80, Form: Form7}, "81 00"},
		{Header{Fin: true, Opcode: Text, Length: 126, Form: Form7}, "81 7e"},
		{Header{Fin: true, Opcode: Text, Masked: true, Length: 0x12345, Form: Form16, Key: sampleKey}, "81 fe 2345 37fa213d"},
		{Header{RSV: 0xff, Opcode: 0xff}, "7f 00"},
	} {
		if got := c.header.Append(nil); !bytes.Equal(got, octets(t, c.want)) {
			t.Errorf("%+v is % x, want %s", c.header, got, c.want)
		}
	}
}

// ReadHeader says whether the input ended before the header or within it,
// however the octets come, and passes on any other error.
func TestReadHeaderCut(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range headers {
		whole := octets(t, c.octets)
		for n := range whole {
			for name, r := range map[string]io.Reader{
				"at once":       bytes.NewReader(whole[:n]),
				"by the octet":  iotest.OneByteReader(bytes.NewReader(whole[:n])),
				"with the last": iotest.DataErrReader(bytes.NewReader(whole[:n])),
			} {
				want := io.ErrUnexpectedEOF
				if n == 0 {
					want = io.EOF
				}
				if got, err := ReadHeader(r); err != want || got != (Header{}) {
					t.Errorf("%d octets of %s, %s: %+v, error %v, want %v", n, c.name, name, got, err, want)
				}
			}
			r := io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(broken))
			if _, err := ReadHeader(r); err != broken {
				t.Errorf("%d octets of %s: error %v, want %v", n, c.name, err, broken)
			}
		}
		if got, err := ReadHeader(iotest.OneByteReader(bytes.NewReader(whole))); err != nil || got != c.header {
			t.Errorf("%s by the octet: %+v, error %v", c.name, got, err)
		}
	}
}

func TestHeaderString(t *testing.T) {
	for want, h := range map[string]Header{
		"text of 5 octets":                     {Fin: true, Opcode: Text, Length: 5},
		"ping fin=0 rsv=4 of 126 octets":       {RSV: 4, Opcode: Ping, Length: 126},
		"opcode11 of 1 octets":                 {Fin: true, Opcode: 11, Length: 1},
		"continuation fin=0 of 0 octets":       {},
		"close of 18446744073709551615 octets": {Fin: true, Opcode: Close, Length: math.MaxUint64},
	} {
		if got := h.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func BenchmarkReadHeader(b *testing.B) {
	for _, h := range []Header{
		{Fin: true, Opcode: Text, Length: 125},
		{Fin: true, Opcode: Text, Length: 65536, Masked: true, Key: sampleKey},
	} {
		b.Run(fmt.Sprintf("octets=%d", h.Size()), func(b *testing.B) {
			b.ReportAllocs()
			encoded := h.Append(nil)
			r := bytes.NewReader(encoded)
			for b.Loop() {
				r.Reset(encoded)
				if _, err := ReadHeader(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendHeader(b *testing.B) {
	h := Header{Fin: true, Opcode: Text, Length: 65536, Masked: true, Key: sampleKey}
	buffer := make([]byte, 0, MaxHeader)
	b.ReportAllocs()
	for b.Loop() {
		buffer = h.Append(buffer[:0])
	}
}
