package inputs

import (
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

var update = flag.Bool("update", false, "write the golden files")

var roles = []wire.Role{wire.Server, wire.Client}

func sourceOf(t testing.TB, target Target) *Source {
	t.Helper()
	s, err := NewSource(target)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The first inputs of a seed are what they were: a number is a report.
func TestInputsGolden(t *testing.T) {
	const golden = "testdata/inputs.txt"
	var got strings.Builder
	for _, role := range roles {
		s := sourceOf(t, Target{Device: role})
		hash := fnv.New64a()
		for n := range 5000 {
			family, script := s.Input(1, n)
			fmt.Fprintf(hash, "%s\n%v", family, script)
			if n%500 == 499 {
				fmt.Fprintf(&got, "%v %d %016x\n", role, n+1, hash.Sum64())
			}
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("inputs are not what they were; if it is meant so, run this test with -update:\n%s", got.String())
	}
}

// An input depends on nothing but seed and number, whatever was asked before.
func TestInputsArePure(t *testing.T) {
	for _, role := range roles {
		a, b := sourceOf(t, Target{Device: role}), sourceOf(t, Target{Device: role})
		for n := a.Boundaries() + 3000; n >= 0; n -= 7 {
			b.Input(9, n/2)
			familyA, scriptA := a.Input(5, n)
			familyB, scriptB := b.Input(5, n)
			if familyA != familyB || !reflect.DeepEqual(scriptA, scriptB) {
				t.Fatalf("input %d is\n%v and then\n%v", n, scriptA, scriptB)
			}
		}
	}
}

// Every input is a script of the language that fits the device, and within what
// it bears.
func TestInputsAreScripts(t *testing.T) {
	for _, role := range roles {
		s := sourceOf(t, Target{Device: role})
		for n := range s.Boundaries() + 6000 {
			family, script := s.Input(2, n)
			if text := script.String(); len(text) > 300000 {
				t.Errorf("%v input %d (%s) has %d octets of text:\n%.300s", role, n, family, len(text), text)
			}
			checkScript(t, fmt.Sprintf("%v input %d (%s)", role, n, family), s, script)
			if t.Failed() {
				return
			}
		}
	}
}

func checkScript(t *testing.T, name string, s *Source, script Script) {
	t.Helper()
	back, err := ParseScript(script.String())
	if err != nil || !reflect.DeepEqual(back, script) {
		t.Errorf("%s:\n%v\ncomes back as\n%v, error %v", name, script, back, err)
	}
	ending, ok := script[len(script)-1].(Ending)
	if !ok || !slices.Contains([]EndingKind{EndClose, EndDrop, EndReset}, ending.Kind) {
		t.Errorf("%s does not end as inputs do:\n%v", name, script)
	}
	if (Case{Script: script}).Fits(s.target.Device) == false || !s.within(script) {
		t.Errorf("%s is not for the target:\n%v", name, script)
	}
}

func BenchmarkInput(b *testing.B) {
	for _, role := range roles {
		s := sourceOf(b, Target{Device: role})
		for name, from := range map[string]int{"boundaries": 0, "drawn": s.Boundaries()} {
			b.Run(fmt.Sprintf("%v/%s", role, name), func(b *testing.B) {
				b.ReportAllocs()
				most := s.Boundaries()
				for n := 0; b.Loop(); n++ {
					s.Input(1, from+n%most)
				}
			})
		}
	}
}
