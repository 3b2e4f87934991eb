package inputs

import (
	"math"
	"slices"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// boundaryScripts are the first inputs of a source.
func boundaryScripts(s *Source) (all []Script) {
	for n := range s.Boundaries() {
		_, script := s.Input(1, n)
		all = append(all, script)
	}
	return all
}

// sentSteps are the steps of scripts that send frames.
func sentSteps(scripts []Script) (all []SendStep) {
	for _, script := range scripts {
		for _, step := range script {
			if send, ok := step.(SendStep); ok {
				all = append(all, send)
			}
		}
	}
	return all
}

func framesOf(scripts []Script) (all []Frame) {
	for _, step := range sentSteps(scripts) {
		all = append(all, step.Frames...)
	}
	return all
}

// Everything that the first octet of a frame and its mask bit can be is sent.
func TestBoundariesHaveEveryHeader(t *testing.T) {
	for _, role := range roles {
		seen := map[Frame]bool{}
		for _, f := range framesOf(boundaryScripts(sourceOf(t, Target{Device: role}))) {
			seen[Frame{Opcode: f.Opcode, NotFin: f.NotFin, Bits: f.Bits, Masking: f.Masking}] = true
		}
		if len(seen) != 16*2*8*2 {
			t.Errorf("%v: %d kinds of headers, not %d", role, len(seen), 16*2*8*2)
		}
	}
}

// Every length at which an integer or a form of the header ends is declared, and
// every form spells one that is not its own.
func TestBoundariesHaveEveryLength(t *testing.T) {
	want := []uint64{0, 1, 125, 126, 127, 1<<15 - 1, 1 << 15, 1<<16 - 1, 1 << 16, 1<<16 + 1, 1<<16 + 5, 1<<31 - 1, 1 << 31, 1<<31 + 1,
		1<<32 - 1, 1 << 32, 1<<32 + 1, 1<<32 + 5, 1<<63 - 1, 1 << 63, 1<<63 + 1, math.MaxUint64}
	for less := uint64(4); less <= 14; less++ {
		want = append(want, math.MaxUint32-less, math.MaxUint64-less)
	}
	for _, role := range roles {
		alone, followed, forms := map[uint64]bool{0: true}, map[uint64]bool{0: true}, map[wire.LengthForm]bool{}
		for _, f := range framesOf(boundaryScripts(sourceOf(t, Target{Device: role}))) {
			switch {
			case f.Claim.Made && f.Payload.Len() == 0:
				alone[f.Claim.Length] = true
			case f.Claim.Made:
				followed[f.Claim.Length] = true
			case f.Form != wire.Shortest && f.Form != wire.ShortestForm(uint64(f.Payload.Len())):
				forms[f.Form] = true
			}
		}
		for _, n := range want {
			if !alone[n] || n > 1 && !followed[n] {
				t.Errorf("%v: a length of %d is declared alone: %v, with octets behind it: %v", role, n, alone[n], followed[n])
			}
		}
		if len(forms) != 3 {
			t.Errorf("%v: forms that are not the shortest: %v", role, forms)
		}
	}
}

// Every octet of a header of each form is the last of a write, and the last of
// all that comes.
func TestBoundariesSplitEveryHeader(t *testing.T) {
	type border struct{ header, at int }
	for _, role := range roles {
		cut, off := map[border]bool{}, map[border]bool{}
		for _, step := range sentSteps(boundaryScripts(sourceOf(t, Target{Device: role}))) {
			header := step.Frames[0].Header(role.Peer(), [4]byte{}).Size()
			if step.Upto > 0 {
				off[border{header, step.Upto}] = true
			}
			if len(step.Cut) == 1 && step.Every > 0 {
				cut[border{header, step.Cut[0]}] = true
			}
		}
		for _, n := range []uint64{5, 300, 65536} {
			header := wire.Header{Length: n, Masked: role == wire.Server}.Size()
			for at := 1; at <= header+4; at++ {
				if b := (border{header, at}); !cut[b] || !off[b] {
					t.Errorf("%v: octet %d of a header of %d: cut %v, cut off %v", role, at, header, cut[b], off[b])
				}
			}
		}
	}
}

// Every octet of our half of the opening handshake is the last of a write, and
// the last of all that comes.
func TestBoundariesSplitEveryHandshake(t *testing.T) {
	key := handshake.NewKey([16]byte{})
	for _, role := range roles {
		octets := len(handshake.NewRequest("192.168.100.100:65535", "/", key).Append(nil))
		if role == wire.Client {
			octets = len(handshake.NewResponse(key).Append(nil))
		}
		cut, off := map[int]bool{}, map[int]bool{}
		for _, script := range boundaryScripts(sourceOf(t, Target{Device: role})) {
			var pace Pace
			switch step := script[0].(type) {
			case RequestStep:
				pace = step.Pace
			case ResponseStep:
				pace = step.Pace
			}
			off[pace.Upto] = true
			if len(pace.Cut) == 1 {
				cut[pace.Cut[0]] = true
			}
		}
		for at := 1; at < octets; at++ {
			if !cut[at] || !off[at] {
				t.Errorf("%v: octet %d of %d: cut %v, cut off %v", role, at, octets, cut[at], off[at])
			}
		}
	}
}

// Every border of the status codes is sent, and every body that none may have.
func TestBoundariesHaveEveryClose(t *testing.T) {
	want := []Frame{RawClose(""), RawClose("\x03"), Close(1000, reasons[0]), Close(1000, reasons[1]), Close(1000, "\xff")}
	for code := wire.StatusCode(1000); code <= 1016; code++ {
		want = append(want, Close(code), Close(code, "bye"))
	}
	for _, code := range []wire.StatusCode{0, 1, 999, 1100, 1999, 2000, 2999, 3000, 3999, 4000, 4999, 5000, 65535} {
		want = append(want, Close(code))
	}
	frames := framesOf(boundaryScripts(sourceOf(t, Target{Device: wire.Server})))
	for _, f := range want {
		if !slices.Contains(frames, f) {
			t.Errorf("%v is not sent", f)
		}
	}
}

// Whoever is asked for a family alone gets it, drawn too.
func TestFamiliesAreReachable(t *testing.T) {
	reached := map[Family]bool{}
	for _, role := range roles {
		for _, family := range Families() {
			s, err := NewSource(Target{Device: role, Families: []Family{family}})
			fits := (family != FamilyRequest || role == wire.Server) && (family != FamilyResponse || role == wire.Client)
			if (err == nil) != fits {
				t.Errorf("%s for a %v: %v", family, role, err)
			}
			if err != nil {
				continue
			}
			for _, n := range []int{0, s.Boundaries() / 2, s.Boundaries(), s.Boundaries() + 100} {
				if got, _ := s.Input(1, n); got != family {
					t.Errorf("input %d of %s is of %s", n, family, got)
				}
			}
			reached[family] = true
		}
	}
	if len(reached) != len(Families()) {
		t.Errorf("%d families of %d", len(reached), len(Families()))
	}
	no := false
	if s, err := NewSource(Target{Device: wire.Server, Profile: Profile{Deflate: &no}, Families: []Family{FamilyDeflate}}); err == nil {
		t.Errorf("a device without compression has %d inputs for it", s.Boundaries())
	}
}

// The weights of the families are in hundredths, and what is drawn obeys them.
func TestWeights(t *testing.T) {
	const drawn = 20000
	for _, role := range roles {
		s := sourceOf(t, Target{Device: role})
		if s.weights != 100 {
			t.Errorf("the weights for a %v are %d in all", role, s.weights)
		}
		count := map[Family]int{}
		for n := range drawn {
			family, _ := s.Input(3, s.Boundaries()+n)
			count[family]++
		}
		for _, f := range s.families {
			if got := float64(count[f.name]) * 100 / drawn; math.Abs(got-float64(f.weight)) > 1.5 {
				t.Errorf("%s for a %v is %.1f of 100, not %d", f.name, role, got, f.weight)
			}
			if f.why == "" {
				t.Errorf("%s has its weight for no reason", f.name)
			}
		}
	}
}

// A small device is spared what it cannot bear, and little else.
func TestLimitsAreKept(t *testing.T) {
	no := false
	for _, role := range roles {
		all := sourceOf(t, Target{Device: role, Profile: Profile{Deflate: &no}}).Boundaries()
		for _, p := range []Profile{
			{MaxMessage: 125, MaxFragments: 8, Connections: 1, Deflate: &no}, {MaxMessage: 1024, MaxFrame: 1024, Connections: 4, Deflate: &no},
			{MaxMessage: 15360, MaxFrame: 15360, Connections: 5, Deflate: &no}, {MaxFrame: 125, Deflate: &no},
		} {
			s := sourceOf(t, Target{Device: role, Profile: p})
			if s.Boundaries() < all*8/10 {
				t.Errorf("%v, %+v: only %d boundaries of %d", role, p, s.Boundaries(), all)
			}
			for n := range s.Boundaries() + 5000 {
				if family, script := s.Input(4, n); !s.within(script) {
					t.Fatalf("%v, %+v: input %d (%s):\n%.500v", role, p, n, family, script)
				}
			}
		}
	}
}
