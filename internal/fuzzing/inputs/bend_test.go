package inputs

import (
	"bytes"
	"reflect"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/wire"
)

// Each bend changes scripts into others that are still scripts, and leaves the
// corpus as it was.
func TestBendsBend(t *testing.T) {
	s := sourceOf(t, Target{Device: wire.Server})
	before := corpusText(s)
	for i, bend := range bends {
		changed := 0
		for n := range 300 {
			w := s.writer(uint64(i), n)
			script := w.script()
			was := script.String()
			bent := w.ended(bend(w, script))
			if back, err := ParseScript(bent.String()); err != nil || !reflect.DeepEqual(back, bent) {
				t.Fatalf("bend %d makes of\n%s\n%v\nwhich gives %v", i, was, bent, err)
			}
			if Script(bent[:len(bent)-1]).String() != was {
				changed++
			}
		}
		if changed < 30 {
			t.Errorf("bend %d changes %d scripts of 300", i, changed)
		}
	}
	if corpusText(s) != before {
		t.Error("the corpus is bent")
	}
}

func corpusText(s *Source) string {
	var b bytes.Buffer
	for _, script := range s.corpus {
		b.WriteString(script.String())
	}
	return b.String()
}

// What is taken to end at the border of a frame does, as a receiver reads it.
func TestSettledAtTheBorder(t *testing.T) {
	for text, want := range map[string]bool{
		`send text "abc"`:                                            true,
		`send text length=9 "abc"`:                                   false,
		`send text length=2 "abc"`:                                   false,
		`send text length=9 "abc", ping`:                             true, // six octets of a ping are what is due
		`send text length=10 "abc", ping`:                            false,
		`send text octets=0:2 "abc"`:                                 false,
		"send text octets=0:2 \"abc\"\nsend text octets=2:3 \"abc\"": true,
		`send upto=9 text "abc"`:                                     false,
		`octets "x"`:                                                 false,
		`send text form=7 "a"*130`:                                   false,
		`send text form=7 "a"*126`:                                   false,
		`send text form=16 "a"*65536`:                                false,
		`send text form=64 "a"`:                                      true,
		`send fragment=2 text "abcde"`:                               true,
		`send fragment=2 text length=2 "abcde"`:                      false,
		"request upto=9":                                             false,
		"together text length=4 \"abc\"\nsend ping":                  false,
	} {
		script, err := ParseScript(text + "\ndrop")
		if err != nil {
			t.Fatal(err)
		}
		if got := settled(script[:len(script)-1], wire.Client); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A message can be told by its marker, wherever octets of it turn up.
func TestMarkersTell(t *testing.T) {
	for _, m := range [][2]int{{0, 0}, {7, 3}, {35, 36}, {123456789, 41}} {
		octets := []byte("<<x<." + marker(m[0], m[1]) + "rest")
		n, i, more, ok := Marked(octets)
		if n != m[0] || i != m[1] || string(more) != "rest" || !ok {
			t.Errorf("%q: %d, %d, %q, %v", octets, n, i, more, ok)
		}
	}
	for _, octets := range []string{"", "<", "<1.2", "<1>", "<1.>", "<.1>", "<-1.1>", "<1.1.1>", "<1 .1>"} {
		if n, i, _, ok := Marked([]byte(octets)); ok {
			t.Errorf("%q is of message %d of input %d", octets, i, n)
		}
	}
	s := sourceOf(t, Target{Device: wire.Server})
	w := s.writer(1, 99)
	for i := range 3 {
		if n, at, _, ok := Marked([]byte(w.data(40 * i * i * 100).Payload.Octets())); ok != (i > 0) || i > 0 && (n != 99 || at != i) {
			t.Errorf("message %d is %d of %d, %v", i, at, n, ok)
		}
	}
}

// A device that keeps only the first octets of a message finds whole frames in
// the rest, that it answers.
func TestSmuggledFramesAreFrames(t *testing.T) {
	for _, role := range roles {
		w := sourceOf(t, Target{Device: role}).writer(1, 1)
		for _, cut := range truncations {
			f := w.smuggled(cut.first, cut.size)
			octets := []byte(f.Payload.Octets())
			if len(octets) != cut.size || f.Header(w.role(), [4]byte{1}).Key != [4]byte{} {
				t.Errorf("%v: %d octets, %v", cut, len(octets), f.Key)
			}
			seen := fuzzing.Foresee(octets[min(cut.first, len(octets)):], w.role(), nil)
			if cut.size-cut.first > 60 && (seen.Fault != nil || len(seen.Acts) == 0) {
				t.Errorf("%v %v: %v, %d acts", role, cut, seen.Fault, len(seen.Acts))
			}
		}
		octets := []byte(w.claimed(5, 1<<32+5).Payload.Octets())
		if seen := fuzzing.Foresee(octets[5:], w.role(), nil); seen.Fault != nil || len(seen.Acts) != 1 || seen.Within {
			t.Errorf("%v: %+v", role, seen)
		}
	}
}
