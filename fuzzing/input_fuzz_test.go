package fuzzing_test

import (
	"reflect"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/wire"
)

// Whatever the seed and the number, an input is a script that reads as it
// prints, the same each time.
func FuzzInput(f *testing.F) {
	sources := map[bool]*inputs.Source{}
	for _, server := range []bool{true, false} {
		role := wire.Client
		if server {
			role = wire.Server
		}
		source, err := inputs.NewSource(inputs.Target{Device: role})
		if err != nil {
			f.Fatal(err)
		}
		sources[server] = source
	}
	for n := range uint32(20) {
		f.Add(uint64(n), n*500, n%2 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, n uint32, server bool) {
		family, script := sources[server].Input(seed, int(n))
		again, same := sources[server].Input(seed, int(n))
		if family != again || !reflect.DeepEqual(script, same) {
			t.Fatalf("first\n%v\nthen\n%v", script, same)
		}
		if back, err := conformance.ParseScript(script.String()); err != nil || !reflect.DeepEqual(back, script) {
			t.Fatalf("%v\ncomes back as\n%v, error %v", script, back, err)
		}
	})
}
