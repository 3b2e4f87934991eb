package inputs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// Target is what inputs are made for.
type Target struct {
	Device      wire.Role            // the device's; the inputs are played by its peer
	Profile     conformance.Profile  // whose limits are kept; deflate: false means none of it
	Families    []conformance.Family // that are wanted; none for all that fit the role
	Destructive bool                 // floods, slots used up, bombs, and more than maxOctets
	Corpus      []conformance.Case   // whose scripts are bent; nil for the catalogue
}

// maxOctets is what an input comes to at most, in octets, unless the target
// takes destructive ones: 64 KiB, the header that goes with them, and a little.
const maxOctets = 65 << 10

// Source makes inputs. It may be used by several goroutines.
type Source struct {
	target      Target
	families    []family // that are wanted and have something for the target
	boundaries  []turn   // the first inputs
	weights     int      // of the families, in all
	corpus      []conformance.Script
	compressors *sync.Pool
}

// maker makes a script out of what a writer draws.
type maker func(*writer) conformance.Script

// turn is a boundary whose turn it is.
type turn struct {
	family conformance.Family
	make   maker
}

// NewSource returns the inputs for a target. It fails if no family that is
// wanted has anything for it.
func NewSource(t Target) (*Source, error) {
	if t.Corpus == nil {
		t.Corpus = conformance.Catalogue()
	}
	s := &Source{target: t, corpus: bendable(t)}
	s.compressors = &sync.Pool{New: func() any { return deflate.NewCompressor(deflate.Params{Window: deflate.MaxWindow}) }}
	var queues [][]turn
	for _, f := range families() {
		if !s.wants(f) {
			continue
		}
		var queue []turn
		for _, make := range f.boundaries(t) {
			if script := make(s.writer(0, 0)); s.within(script) {
				queue = append(queue, turn{f.name, make})
			}
		}
		s.families = append(s.families, f)
		s.weights += f.weight
		queues = append(queues, queue)
	}
	if len(s.families) == 0 {
		return nil, fmt.Errorf("no inputs of the families %v for a device that is a %v", t.Families, t.Device)
	}
	s.boundaries = interleaved(queues...)
	return s, nil
}

// wants reports whether a family is wanted and has something for the target.
func (s *Source) wants(f family) bool {
	switch {
	case len(s.target.Families) > 0 && !slices.Contains(s.target.Families, f.name):
		return false
	case f.device != 0 && f.device != s.target.Device:
		return false
	case f.name == conformance.FamilyDeflate:
		d := s.target.Profile.Deflate
		return d == nil || *d
	}
	return true
}

// Boundaries returns how many of the first inputs are boundaries: from that n
// on, inputs are drawn.
func (s *Source) Boundaries() int { return len(s.boundaries) }

// Input returns input n, from 0, of a seed, and its family. First come the
// boundaries, the families in turn; then what is drawn by weight.
func (s *Source) Input(seed uint64, n int) (conformance.Family, conformance.Script) {
	if n < len(s.boundaries) {
		t := s.boundaries[n]
		return t.family, t.make(s.writer(seed, n))
	}
	w := s.writer(seed, n)
	f := s.draw(w)
	for range 8 { // by far most are within the limits
		if script := f.draw(w); s.within(script) {
			return f.name, script
		}
	}
	return f.name, closed(conformance.Send(conformance.Text(w.text(16))))
}

// draw returns a family, by weight.
func (s *Source) draw(w *writer) family {
	at := w.IntN(s.weights)
	for _, f := range s.families {
		if at -= f.weight; at < 0 {
			return f
		}
	}
	panic("fuzzing: weights that do not add up")
}

// within reports whether a script keeps within what the target bears.
func (s *Source) within(script conformance.Script) bool {
	p := s.target.Profile
	p.DeviceRole = s.target.Device
	return p.Beyond(conformance.Case{Script: script}) == "" && (s.target.Destructive || octets(script) <= maxOctets)
}

// writer returns what draws input n.
func (s *Source) writer(seed uint64, n int) *writer {
	return &writer{Rand: rand.New(rand.NewPCG(seed, uint64(n))), source: s, n: n}
}

// interleaved takes one of each queue in turn, until all are empty.
func interleaved[T any](queues ...[]T) (all []T) {
	for i, more := 0, true; more; i++ {
		more = false
		for _, queue := range queues {
			if i < len(queue) {
				all, more = append(all, queue[i]), true
			}
		}
	}
	return all
}
