package main

import (
	"fmt"
	"io"
)

// tellSummary writes the table of the README: what wsecho does of what the best
// of the others does.
func (m *measured) tellSummary(to io.Writer) {
	off, on, coder := m.find(witnessOff), m.find(witnessOn), m.find(plain)
	if off < 0 || on < 0 || coder < 0 {
		return
	}
	fmt.Fprintln(to, "| | best of the others | `wsecho --no-witness` | `wsecho` | plain coder/websocket |")
	fmt.Fprintln(to, "|---|---|---|---|---|")
	for i, w := range workloads {
		if len(m.speeds[i][off]) == 0 {
			continue
		}
		best := m.best(i)
		fmt.Fprintf(to, "| %s: messages a second | %.0f", w.name, best.rate)
		for _, server := range []int{off, on, coder} {
			fmt.Fprintf(to, " | %.2f of it", m.speed(i, server).rate/best.rate)
		}
		fmt.Fprintf(to, " |\n| p99 of these | %.2f ms", milliseconds(best.p99))
		for _, server := range []int{off, on, coder} {
			fmt.Fprintf(to, " | %.2f of it", ratio(m.speed(i, server).p99, best.p99))
		}
		if best.cpu > 0 {
			fmt.Fprintf(to, " |\n| CPU time of the server for each | %.1f µs", float64(best.cpu)/1e3)
			for _, server := range []int{off, on, coder} {
				fmt.Fprintf(to, " | %.2f of it", ratio(m.speed(i, server).cpu, best.cpu))
			}
		}
		fmt.Fprintln(to, " |")
	}
	if len(m.memory[off]) == 0 {
		return
	}
	fmt.Fprint(to, "| memory of an idle connection, of those that are held | ")
	for _, server := range []int{off, on, coder} {
		fmt.Fprintf(to, " | %.1f KiB, %.2f of plain", float64(m.idle(server))/1024, ratio(m.idle(server), m.idle(coder)))
	}
	fmt.Fprintln(to, " |")
}
