package witness_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/witness"
)

// What takes several connections to see.
func TestConnectionsOfADevice(t *testing.T) {
	for _, c := range []struct {
		does  string
		key   func(n int) string
		masks [][4]byte
		want  string
	}{
		{"draws its keys", func(n int) string { return newKey(rand.New(rand.NewPCG(uint64(n), 0))) }, nil, ""},
		{"has one key", func(int) string { return "1Jn4DIjLBHBJ6lmD5DLMyA==" }, nil, "CRQ-08"},
		{"has one row of masks", func(n int) string { return newKey(rand.New(rand.NewPCG(uint64(n), 0))) }, [][4]byte{{8, 1, 3, 9}, {2, 2, 4, 1}}, "MSK-07"},
	} {
		t.Run(c.does, func(t *testing.T) {
			w := witness.New(witness.Options{})
			for n := range 3 {
				talk, random := newTalk(w, 4096), rand.New(rand.NewPCG(uint64(n), 1))
				key := c.key(n)
				talk.device(request(key).Append(nil))
				talk.answer(handshake.NewResponse(key).Append(nil))
				for i := range 4 {
					if i < len(c.masks) {
						talk.device(keyed(c.masks[i], text, "hi"))
					} else {
						talk.device(masked(random, text, "hi"))
					}
				}
				_ = talk.server.Close()
			}
			if got := rowsOf(w); got != c.want {
				t.Errorf("%q named, want %q", got, c.want)
			}
		})
	}
}

// A key is shown as it was sent: the pad bits of RFC 6455's own sample are not zero.
func TestKeysAreShownAsSent(t *testing.T) {
	const key = "AQIDBAUGBwgJCgsMDQ4PEC=="
	w := witness.New(witness.Options{})
	newTalk(w, 4096).device(request(key).Append(nil))
	for _, v := range w.Devices()[0].Violations {
		if !strings.Contains(v.Detail, key) {
			t.Errorf("%s does not show %s", v, key)
		}
	}
}

// A constant key shows over the connections of a device, where each has but one
// frame or two. One that comes twice may be chance, and other keys in between make
// it none.
func TestMaskKeyOverConnections(t *testing.T) {
	a, b, c, zero := [4]byte{0x55, 0x66, 0x77, 0x88}, [4]byte{1, 9, 4, 2}, [4]byte{7, 3, 1, 1}, [4]byte{}
	for _, test := range []struct {
		does        string
		connections [][][4]byte
		want        string
		count       uint64
	}{
		{"sends a text and a close with it", [][][4]byte{{a, a}, {a, a}, {a, a}}, "MSK-06", 4},
		{"sends one text with it", [][][4]byte{{a}, {a}, {a}, {a}}, "MSK-06", 2},
		{"sends many with it", [][][4]byte{{a, a, a, a, a}, {a, a, a}}, "MSK-06", 6},
		{"masks pings with zero besides", [][][4]byte{{a, zero}, {zero, a}, {a}}, "MSK-06 MSK-08", 1},
		{"has it twice", [][][4]byte{{a}, {a}, {b}, {a}, {a, c}}, "", 0},
		{"begins with it, and draws the rest", [][][4]byte{{a, b}, {a, c}, {a, {5, 5, 8, 1}}}, "", 0},
		{"comes back to it", [][][4]byte{{a}, {b}, {a}, {b}, {a}}, "", 0},
	} {
		w := witness.New(witness.Options{})
		random := rand.New(rand.NewPCG(5, 5))
		for _, masks := range test.connections {
			talk := newTalk(w, 4096)
			talk.open(random)
			for _, mask := range masks {
				talk.device(keyed(mask, text, "hi"))
			}
			_ = talk.server.Close()
		}
		if got := rowsOf(w); got != test.want {
			t.Errorf("who %s: %q named, want %q", test.does, got, test.want)
		}
		if broken := w.Devices()[0].Violations; len(broken) > 0 && broken[0].Count != test.count {
			t.Errorf("who %s: named %d times, want %d: %v", test.does, broken[0].Count, test.count, broken)
		}
	}
}

// Connections that are open at once begin with the same key, as cases of wsprobe do:
// what each sends next may be drawn.
func TestMaskKeyOfConnectionsAtOnce(t *testing.T) {
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(5, 5))
	var talks []*talk
	for range 4 {
		talk := newTalk(w, 4096)
		talk.open(random)
		talk.device(keyed([4]byte{0xa1, 0xb2, 0xc3, 0xd4}, text, "hi"))
		talks = append(talks, talk)
	}
	for _, talk := range talks {
		talk.device(masked(random, closing, ""))
		_ = talk.server.Close()
	}
	if got := rowsOf(w); got != "" {
		t.Errorf("%q named", got)
	}
}

// A device that draws its keys is not blamed, however often it comes back.
func TestMasksOfChanceOverConnections(t *testing.T) {
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(9, 9))
	for range 5000 {
		talk := newTalk(w, 4096)
		talk.open(random)
		for range random.IntN(7) {
			talk.device(masked(random, text, "hi"))
		}
		_ = talk.server.Close()
	}
	if got := rowsOf(w); got != "" {
		t.Errorf("%q named", got)
	}
}

// Keys that are those of the connection before are one fault, however many.
func TestRowOfMasksIsNamedOnce(t *testing.T) {
	w := witness.New(witness.Options{})
	seen := events(w, witness.RuleBroken)
	random := rand.New(rand.NewPCG(5, 5))
	for range 3 {
		talk := newTalk(w, 4096)
		talk.open(random)
		for _, mask := range [][4]byte{{8, 1, 3, 9}, {2, 2, 4, 1}, {5, 1, 6, 2}, {9, 9, 7, 1}} {
			talk.device(keyed(mask, text, "hi"))
		}
		_ = talk.server.Close()
	}
	if told := seen(); len(told) != 2 || rowsOf(w) != "MSK-07" || w.Devices()[0].Violations[0].Count != 2 {
		t.Errorf("%v\nwant it for the second and third of three connections", lines(told))
	}
}
