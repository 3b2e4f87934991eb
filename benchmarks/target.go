package main

import (
	"fmt"
	"io"
)

// A target is what wsecho is to reach beside the others.
type target struct {
	what string
	got  float64 // a ratio
	want float64
	most bool // want is the most, not the least
}

func (t target) String() string {
	sign, met := "≥", t.got >= t.want
	if t.most {
		sign, met = "≤", t.got <= t.want
	}
	verdict := "met"
	if !met {
		verdict = "missed"
	}
	return fmt.Sprintf("| %-70s | %s %.2f | %.2f | %s |", t.what, sign, t.want, t.got, verdict)
}

// least is the least of the best's messages a second that wsecho is to reach.
// Text is looked at as it comes, so that bad text fails at its first bad octet,
// for which no other server here reads in smaller pieces.
func (w workload) least(name string) float64 {
	if name == witnessOn || w.first == opText && w.octets > 4<<10 {
		return 0.75
	}
	return 0.9
}

// targets are all that can be told from what was measured.
func (m *measured) targets() (all []target) {
	coder := m.find(plain)
	for _, name := range []string{witnessOff, witnessOn} {
		ours := m.find(name)
		if ours < 0 || coder < 0 {
			continue
		}
		for i, w := range workloads {
			if len(m.speeds[i][ours]) == 0 {
				continue
			}
			got, best := m.speed(i, ours), m.best(i)
			all = append(all,
				target{what: name + ": " + w.name + ", rate of the best", got: got.rate / best.rate, want: w.least(name)},
				target{what: name + ": " + w.name + ", rate of plain " + plain, got: got.rate / m.speed(i, coder).rate, want: 1},
				target{what: name + ": " + w.name + ", p99 of the best", got: ratio(got.p99, best.p99), want: 1.3, most: true})
		}
		if len(m.memory[ours]) > 0 {
			all = append(all, target{what: name + ": an idle connection, memory of plain " + plain, got: ratio(m.idle(ours), m.idle(coder)), want: 1.2, most: true})
		}
	}
	return all
}

func (m *measured) tellTargets(to io.Writer) {
	fmt.Fprintf(to, "| %-70s | target | got | |\n|---|---:|---:|---|\n", "target")
	for _, t := range m.targets() {
		fmt.Fprintln(to, t)
	}
}
