package echo

import (
	"bytes"
	"slices"
	"testing"
)

// What comes in one piece or octet by octet is told the same.
func TestIncoming(t *testing.T) {
	compressed := frame(finText|rsv1, "\xff")
	unmasked := []byte{finText, 2, 'a', 0xff}
	for name, c := range map[string]struct {
		octets []byte
		begun  []begun
		bad    bool
	}{
		"text":                  {frame(finText, "ü"), []begun{{octets: 2}}, false},
		"nothing":               {frame(finText, ""), []begun{{octets: 0}}, false},
		"longer":                {frame(finBinary, string(make([]byte, 126))), []begun{{octets: 126}}, false},
		"long":                  {frame(finBinary, string(make([]byte, 1<<16))), []begun{{octets: 1 << 16}}, false},
		"fragments":             {join(frame(startText, "\xc3"), frame(ping, "\xff"), frame(last, "\xbc")), []begun{{octets: -1}}, false},
		"cut character":         {join(frame(startText, "\xc3"), frame(last, "")), []begun{{octets: -1}}, true},
		"bad in the first":      {frame(finText, "a\xff"), []begun{{octets: 2}}, true},
		"bad in the second":     {join(frame(finText, "a"), frame(finText, "\xff")), []begun{{octets: 1}, {octets: 1}}, true},
		"compressed":            {join(compressed, frame(finText, "a")), []begun{{compressed: true, octets: 1}, {octets: 1}}, false},
		"binary after text":     {join(frame(finText, "a"), frame(finBinary, "\xff")), []begun{{octets: 1}, {octets: 1}}, false},
		"not masked":            {unmasked, []begun{{octets: 2}}, true},
		"more than is ever had": {[]byte{finBinary, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0xff}, []begun{{octets: -1 << 56}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			whole := incoming{inflates: true}
			good, err := whole.follow(slices.Clone(c.octets))
			if err != nil != c.bad || (good == len(c.octets)) == c.bad {
				t.Errorf("good are %d of %d octets, %v", good, len(c.octets), err)
			}
			pieces := incoming{inflates: true}
			for _, octet := range c.octets {
				if _, err = pieces.follow([]byte{octet}); err != nil {
					break
				}
			}
			if err != nil != c.bad {
				t.Errorf("octet by octet: %v", err)
			}
			if !slices.Equal(whole.begun, c.begun) || !slices.Equal(pieces.begun, c.begun) {
				t.Errorf("begun: %+v, octet by octet %+v, want %+v", whole.begun, pieces.begun, c.begun)
			}
		})
	}
}

// The mark is taken off messages only, and only if compression is agreed on.
func TestMarkTakenOff(t *testing.T) {
	for _, inflates := range []bool{false, true} {
		for _, opcode := range []byte{opcodeContinuation, opcodeText, opcodeBinary, 3, 8, 9, 10} {
			octets := frame(fin|rsv1|opcode, "")
			in := incoming{inflates: inflates}
			_, _ = in.follow(octets)
			taken := octets[0]&rsv1 == 0
			if want := inflates && (opcode == opcodeText || opcode == opcodeBinary); taken != want {
				t.Errorf("compression %v, opcode %x: taken off %v, want %v", inflates, opcode, taken, want)
			}
		}
	}
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

// However octets are cut into pieces, the same of them is good, but for the
// piece of what is wrong.
func FuzzIncoming(f *testing.F) {
	f.Add(join(frame(startText, "κό"), frame(ping, ""), frame(last, "σμε\xff")), byte(3))
	f.Add([]byte{finBinary, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, byte(1))
	f.Fuzz(func(t *testing.T, octets []byte, size byte) {
		var whole, pieces incoming
		_, want := whole.follow(slices.Clone(octets))
		var err error
		for piece := range slices.Chunk(octets, int(size)+1) {
			good, e := pieces.follow(slices.Clone(piece))
			if err = e; err != nil {
				break
			}
			if good != len(piece) {
				t.Fatalf("%d of %d octets are good, and no error", good, len(piece))
			}
		}
		if err != want || !slices.Equal(whole.begun, pieces.begun) || err == nil && whole.left != pieces.left {
			t.Errorf("in pieces: %v, %+v, %d left; at once: %v, %+v, %d left", err, pieces.begun, pieces.left, want, whole.begun, whole.left)
		}
	})
}
