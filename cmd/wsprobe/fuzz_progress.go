package main

import (
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing"
	"wsprobe/internal/report"
)

// fuzzProgress tells how far a campaign is: on a terminal in the line that is
// written over, elsewhere in a line now and then; and each finding in a line of
// its own.
type fuzzProgress struct {
	screen *screen
	inputs int // in all; 0 if nobody knows
	began  time.Time
	told   time.Time
	before int // inputs that were done before it began
	done   int
	kinds  map[conformance.Kind]int
	health conformance.Health
}

// How often the line is written, on a terminal and elsewhere.
const (
	showEvery = 200 * time.Millisecond
	tellEvery = 10 * time.Second
)

func newFuzzProgress(s *screen, inputs int) *fuzzProgress {
	return &fuzzProgress{screen: s, inputs: inputs, began: time.Now(), told: time.Now(), kinds: map[conformance.Kind]int{}, health: conformance.Alive}
}

// add counts an input, and tells what it found.
func (p *fuzzProgress) add(i fuzzing.Progress) {
	if i.Played {
		p.done++
	}
	p.health = i.Health
	for _, f := range i.Findings {
		p.kinds[f.Kind]++
		fmt.Fprintf(p.screen, "wsprobe: %v %s: %s (%d of %d times)\n", f.Kind, f.Name(), report.Printable(f.Detail), f.Times, f.Tries)
	}
	every := tellEvery
	if p.screen.terminal {
		every = showEvery
	}
	if time.Since(p.told) < every {
		return
	}
	p.told = time.Now()
	if p.screen.terminal {
		p.screen.show(p.String())
		return
	}
	fmt.Fprintf(p.screen, "wsprobe: %v\n", p)
}

func (p *fuzzProgress) String() string {
	inputs := fmt.Sprintf("%d inputs", p.before+p.done)
	if p.inputs > 0 {
		inputs = fmt.Sprintf("%d/%d inputs", p.before+p.done, p.inputs)
	}
	rate := float64(p.done) / max(time.Since(p.began).Seconds(), 0.001)
	return fmt.Sprintf("%s, %.0f/s, %s, device %s", inputs, rate, conformance.TallyKinds(p.kinds), p.health)
}

func (p *fuzzProgress) end() { p.screen.show("") }
