package fuzzing

import (
	"slices"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// plain makes what departs from the ordinary ordinary, wherever the script
// fails all the same.
func (m *shrinker) plain() {
	for i := range m.best {
		switch step := m.best[i].(type) {
		case conformance.RequestStep:
			m.edits(step.Edits, func(edits []conformance.Edit) conformance.Script {
				return m.with(i, conformance.RequestStep{Edits: edits, Pace: step.Pace})
			})
			m.try(m.with(i, conformance.RequestStep{Edits: m.best[i].(conformance.RequestStep).Edits}))
		case conformance.ResponseStep:
			m.edits(step.Edits, func(edits []conformance.Edit) conformance.Script {
				return m.with(i, conformance.ResponseStep{Edits: edits, Pace: step.Pace})
			})
			m.try(m.with(i, conformance.ResponseStep{Edits: m.best[i].(conformance.ResponseStep).Edits}))
		case conformance.SendStep:
			m.try(m.with(i, conformance.SendStep{Frames: step.Frames}))
			m.pace(i)
			for k := range step.Frames {
				m.plainFrame(i, k)
			}
		}
	}
	m.try(m.with(len(m.best)-1, conformance.CloseNormally()))
}

// pace takes from the pace of the i'th step its pauses, and ends of writes.
func (m *shrinker) pace(i int) {
	step := m.best[i].(conformance.SendStep)
	step.Every, step.After = 0, 0
	if !m.try(m.with(i, step)) {
		step = m.best[i].(conformance.SendStep)
	}
	shrink(step.Cut, func(cut []int) bool {
		step.Cut = slices.Clone(cut)
		return m.try(m.with(i, step))
	})
}

func (m *shrinker) edits(edits []conformance.Edit, script func([]conformance.Edit) conformance.Script) {
	shrink(edits, func(edits []conformance.Edit) bool { return m.try(script(slices.Clone(edits))) })
}

// plainFrame takes from the k'th frame of the i'th step whatever it can do without.
func (m *shrinker) plainFrame(i, k int) {
	for _, simpler := range []func(*conformance.Frame){
		func(f *conformance.Frame) { *f = conformance.Frame{Opcode: f.Opcode, Payload: f.Payload} },
		func(f *conformance.Frame) { f.Bits = 0 },
		func(f *conformance.Frame) { f.Key = conformance.Key{} },
		func(f *conformance.Frame) { f.Masking = conformance.ByRole },
		func(f *conformance.Frame) { f.Form = wire.Shortest },
		func(f *conformance.Frame) { f.Octets = [2]int{} },
		func(f *conformance.Frame) { f.NotFin = false },
		func(f *conformance.Frame) { f.Claim = conformance.Claim{} },
		func(f *conformance.Frame) { f.Opcode = wire.Text },
	} {
		m.frame(i, k, simpler)
	}
}

// frame tries a change to one frame.
func (m *shrinker) frame(i, k int, change func(*conformance.Frame)) bool {
	step := m.best[i].(conformance.SendStep)
	step.Frames = slices.Clone(step.Frames)
	f := &step.Frames[k]
	change(f)
	if n := f.Payload.Len(); f.Octets[1] > n {
		f.Octets = [2]int{min(f.Octets[0], n), n}
	}
	return m.try(m.with(i, step))
}

// payloads shortens payloads, and makes what must stay the letter a.
func (m *shrinker) payloads() {
	for i := range m.best {
		step, ok := m.best[i].(conformance.SendStep)
		if !ok {
			continue
		}
		for k := range step.Frames {
			m.payload(i, k)
		}
	}
}

// maxShrunk bounds the payload of which single octets are left out.
const maxShrunk = 256

func (m *shrinker) payload(i, k int) {
	payload := func() conformance.Payload { return m.best[i].(conformance.SendStep).Frames[k].Payload }
	set := func(p conformance.Payload) bool {
		return m.frame(i, k, func(f *conformance.Frame) { f.Payload = p })
	}
	n := payload().Len()
	if n == 0 || m.frame(i, k, func(f *conformance.Frame) { f.Payload = conformance.Payload{} }) {
		return
	}
	for cut := n / 2; cut > 0; { // from the end, in ever smaller pieces
		rest := payload()
		if keep := rest.Len() - cut; keep > 0 && set(rest.Part(0, keep)) {
			continue
		}
		cut /= 2
	}
	if n = payload().Len(); n > maxShrunk {
		set(conformance.Repeated("a", n))
		return
	}
	shrink([]byte(payload().Octets()), func(octets []byte) bool {
		return len(octets) > 0 && set(conformance.Literal(string(octets)))
	})
	if octets := payload().Octets(); strings.Trim(octets, "a") != "" {
		set(conformance.Literal(strings.Repeat("a", len(octets))))
	}
}
