package conformance_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha1"
	"encoding/hex"
	"testing"
	"unicode/utf8"

	. "wsprobe/internal/conformance"
)

// The corpora have the sizes of Autobahn's files, and at level 1 about what is
// known to be left of those: between 0.8 of the least and 1.2 of the most.
func TestCorpora(t *testing.T) {
	for _, c := range []struct {
		corpus             Corpus
		octets, characters int
		least, most        float64 // of Autobahn's file
		sha1               string
	}{
		{JSON, 194056, 194056, .03, .05, "431fec81abd7701ba3beca0c08ce846d171d6fa4"},
		{Bitmap, 263222, 0, .88, .93, "d7809460ae1346c52d4643b17b412a795f4a0d1f"},
		{Prose, 222218, 222218, .45, .48, "e4aac2ec9fe898400fb333c54869fbc3e03902b5"},
		{HTML, 263647, 263620, .05, .08, "8d8ad375655607c40b062545484045e25fac337f"},
		{Packed, 1042328, 0, .97, .99, "d72b2d0b8e966a406f2f477a832d4050ec80332c"},
	} {
		text := c.corpus.Text()
		if len(text) != c.octets || c.characters > 0 && (utf8.RuneCountInString(text) != c.characters || !utf8.ValidString(text)) {
			t.Errorf("%v has %d octets and %d characters", c.corpus, len(text), utf8.RuneCountInString(text))
		}
		if r := fastest(text); r < 0.8*c.least || r > 1.2*c.most || r > 1 {
			t.Errorf("of %v is left %.4f", c.corpus, r)
		}
		// The same on every machine and in every version: results are compared.
		if sum := sha1.Sum([]byte(text)); hex.EncodeToString(sum[:]) != c.sha1 {
			t.Errorf("%v is now %x", c.corpus, sum)
		}
	}
}

// fastest returns what part of a text is left at level 1.
func fastest(text string) float64 {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed)
	w.Write([]byte(text))
	w.Close()
	return float64(b.Len()) / float64(len(text))
}

// Messages are cut as Autobahn cuts them: one after the other, and from the end
// of the corpus to its beginning.
func TestSlices(t *testing.T) {
	for _, c := range Corpora() {
		for _, size := range []int{1, 16, 65536, 131072} {
			text := c.Text()
			units := []rune(text) // as far as it is text
			if c != HTML {
				units = units[:0]
				for _, octet := range []byte(text) {
					units = append(units, rune(octet))
				}
			}
			at := 0
			step := RallySlices(10, Text(""), Slice{c, size}, 0).(RallyStep)
			for message := range step.Messages() {
				to := (at + size) % len(units)
				want := units[at:max(to, at)]
				if to <= at {
					want = append(append([]rune{}, units[at:]...), units[:to]...)
				}
				octets := string(want)
				if c != HTML {
					octets = string(bytesOf(want))
				}
				if message.Payload.Octets() != octets {
					t.Fatalf("%v[:%d] at %d is not as it should be", c, size, at)
				}
				at = to
			}
		}
	}
}

func bytesOf(units []rune) (octets []byte) {
	for _, u := range units {
		octets = append(octets, byte(u))
	}
	return octets
}
