package report

import (
	"fmt"
	"strings"

	"wsprobe/internal/conformance"
)

// transcriptText returns a transcript as lines of text.
func transcriptText(t conformance.Transcript) string {
	var b strings.Builder
	for _, e := range t {
		fmt.Fprintf(&b, "%6.3f %s %s\n", e.At.Seconds(), printable(string(e.Dir)), shorten(printable(e.Text), maxEntryText))
	}
	return b.String()
}

// maxEntryText bounds the text of an entry, in characters.
const maxEntryText = 1500

// dump returns the octets of an entry as offsets, hexadecimal and ASCII, at
// most edge of them from either end. Octets that the entry does not have, or
// that are beyond the edges, are counted.
func dump(e conformance.Entry, edge int) string {
	head, tail := e.Octets, []byte(nil)
	if len(head) < e.Size && len(head) == 2*conformance.EntryEdge {
		head, tail = head[:conformance.EntryEdge], head[conformance.EntryEdge:]
	} else if len(head) == e.Size && len(head) > 2*edge {
		head, tail = head[:edge], head[edge:]
	}
	head, tail = head[:min(edge, len(head))], tail[max(0, len(tail)-edge):]
	var b strings.Builder
	dumpLines(&b, head, 0)
	if left := e.Size - len(head) - len(tail); left > 0 {
		fmt.Fprintf(&b, "…     %d octets\n", left)
	}
	dumpLines(&b, tail, e.Size-len(tail))
	return b.String()
}

const lineOctets = 16 // of a dump

func dumpLines(b *strings.Builder, octets []byte, offset int) {
	for i := 0; i < len(octets); i += lineOctets {
		line := octets[i:min(i+lineOctets, len(octets))]
		fmt.Fprintf(b, "%04x  %-*s  ", offset+i, 3*lineOctets-1, fmt.Sprintf("% x", line))
		for _, octet := range line {
			if octet < ' ' || octet > '~' {
				octet = '.'
			}
			b.WriteByte(octet)
		}
		b.WriteByte('\n')
	}
}
