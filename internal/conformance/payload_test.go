package conformance_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
)

// units are what payloads repeat here: of one octet, of many, repetitive
// themselves, and longer than what is searched for.
var units = []string{"*", "\xfe", "ab", "abab", "aab", "BAsd7&jh23", "\x00\xfe\x23\xfa\xf0", "abcdefghijklmnop", "aaaaaaaaaaaaaaab",
	"abcabcabcabcabc", "abcdefghabcdefgh"}

const longUnit = "abcdefghijklmnopq" // 17 octets

// written repeats unit in full.
func written(unit string, size int) string {
	return strings.Repeat(unit, size/len(unit)+1)[:size]
}

// The same octets are the same payload, however made.
func TestPayloadIsCanonical(t *testing.T) {
	for _, unit := range units {
		for size := range 200 {
			whole := written(unit, size)
			if a, b := Repeated(unit, size), Literal(whole); a != b {
				t.Fatalf("%q to %d octets is %v, written out it is %v", unit, size, a, b)
			}
			if a, ok := FindRepetition([]byte(whole)); ok != (size >= 32) || ok && a != Literal(whole) {
				t.Fatalf("%q is found to repeat: %v, as %v", whole, ok, a)
			}
		}
		if a, b := Repeated(unit, 1000*len(unit)), Repeated(written(unit, 3*len(unit)), 1000*len(unit)); a != b {
			t.Errorf("%q and three of it repeat to %v and %v", unit, a, b)
		}
	}
	if _, ok := FindRepetition([]byte(written(longUnit, 500))); ok {
		t.Errorf("a unit of %d octets is searched for", len(longUnit))
	}
}

func TestPayloadOctets(t *testing.T) {
	for _, unit := range append(units, longUnit, "", "x\x00é\xff") {
		for _, size := range []int{0, 1, 2, 16, 17, 31, 32, 33, 34, 51, 63, 64, 150} {
			whole := ""
			if unit != "" {
				whole = written(unit, size)
			}
			p := Repeated(unit, size)
			if p.Len() != len(whole) || p.Octets() != whole || !p.Equal([]byte(whole)) {
				t.Fatalf("%q to %d octets is %q, %d octets", unit, size, p.Octets(), p.Len())
			}
			for i := range len(whole) + 1 {
				for j := i; j <= len(whole); j++ {
					if got := string(p.Append([]byte("<"), i, j)); got != "<"+whole[i:j] {
						t.Fatalf("octets %d to %d of %v are %q, want %q", i, j, p, got, whole[i:j])
					}
				}
				if i < len(whole) {
					other := []byte(whole)
					other[i] ^= 1
					if p.Equal(other) {
						t.Fatalf("%v equals %q", p, other)
					}
				}
			}
			if other := strings.Repeat("?", len(whole)); whole != "" && p.Equal([]byte(other)) {
				t.Fatalf("%v equals %q", p, other)
			}
			if p.Equal([]byte(whole+"x")) || len(whole) > 0 && p.Equal([]byte(whole[1:])) {
				t.Fatalf("%v equals octets of another length", p)
			}
		}
	}
	if p := Repeated("ab", -1); p != Literal("") {
		t.Errorf("less than nothing is %v", p)
	}
}

// A long payload is appended from anywhere as it would be sliced.
func TestPayloadAppendLong(t *testing.T) {
	const size = 1 << 20
	r := rand.New(rand.NewPCG(7, 7))
	for _, unit := range []string{"*", "BAsd7&jh23", longUnit} {
		p, whole := Repeated(unit, size), written(unit, size)
		for range 50 {
			i := r.IntN(size)
			j := i + r.IntN(size-i+1)
			if string(p.Append(nil, i, j)) != whole[i:j] {
				t.Fatalf("octets %d to %d of %v are wrong", i, j, p)
			}
		}
	}
}

func TestPayloadString(t *testing.T) {
	for _, c := range []struct {
		payload Payload
		want    string
	}{
		{Payload{}, `""`},
		{Literal("Hello-µ\x00\xff\"\\"), `"Hello-\u00b5\x00\xff\"\\"`},
		{Literal(strings.Repeat("*", 31)), `"*******************************"`},
		{Literal(strings.Repeat("*", 32)), `"*"*32`},
		{Repeated("BAsd7&jh23", 65536), `"BAsd7&jh23"[:65536]`},
		{Repeated("BAsd7&jh23", 65530), `"BAsd7&jh23"*6553`},
		{Repeated(longUnit, 33), `"abcdefghijklmnopqabcdefghijklmnop"`},
		{Repeated(longUnit, 34), `"abcdefghijklmnopq"*2`},
	} {
		if got := c.payload.String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		back, err := ParseScript("send text " + c.want + "\ndrop")
		if err != nil {
			t.Errorf("%s: %v", c.want, err)
		} else if got := back[0].(SendStep).Frames[0].Payload; got != c.payload {
			t.Errorf("%s comes back as %v", c.want, got)
		}
	}
}

// A payload costs what is written of it, however many octets it stands for.
func TestPayloadsCostTheirText(t *testing.T) {
	var text strings.Builder
	for range 100 {
		text.WriteString(`send text "abcdefghijklmnopq"*3000000, close "abcdefghijklmnopq"*3000000` + "\n")
	}
	text.WriteString("drop\n")
	got := allocated(func() {
		s, err := ParseScript(text.String())
		if err != nil {
			t.Fatal(err)
		}
		if printed := s.String(); printed != text.String() {
			t.Errorf("prints as %.200s", printed)
		}
		if n := s.Needs(); n.Message != 51000000 {
			t.Errorf("needs %+v", n)
		}
	})
	if got > 1<<20 {
		t.Errorf("%d octets allocated for a script of %d that stands for 10.2 GB", got, text.Len())
	}
}

// allocated returns how many octets f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Octets that do not repeat are looked at, not copied.
func TestFindRepetitionCopiesNothing(t *testing.T) {
	octets := []byte(written(longUnit, 1<<20))
	if n := testing.AllocsPerRun(10, func() { FindRepetition(octets) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPayloadAppend(b *testing.B) {
	p := Repeated("BAsd7&jh23", 1<<20)
	buffer := make([]byte, 0, 1<<20)
	b.SetBytes(1 << 20)
	b.ReportAllocs()
	for b.Loop() {
		buffer = p.Append(buffer[:0], 0, p.Len())
	}
}
