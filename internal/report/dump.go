package report

import (
	"bytes"
	"fmt"
	"strings"

	"wsprobe/internal/conformance"
)

// transcriptText returns a transcript as lines of text.
func transcriptText(t conformance.Transcript) string {
	var b strings.Builder
	for _, e := range t {
		fmt.Fprintf(&b, "%6.3f %s %s\n", e.At.Seconds(), Printable(string(e.Dir)), shorten(Printable(e.Text), maxEntryText))
	}
	return b.String()
}

// maxEntryText bounds the text of an entry, in characters.
const maxEntryText = 1500

// dump returns the octets of an entry as offsets, hexadecimal and ASCII, at
// most edge of them from either end, or an opening handshake line by line.
// Octets that are left out, here or by the entry, are counted.
func dump(e conformance.Entry, edge int) string {
	lines := hexLines
	if isHTTP(e.Octets) {
		lines, edge = textLines, fullEdge
	}
	head, tail := ends(e, edge)
	var b strings.Builder
	lines(&b, head, 0)
	if left := e.Size - len(head) - len(tail); left > 0 {
		fmt.Fprintf(&b, "…     %d octets\n", left)
	}
	lines(&b, tail, e.Size-len(tail))
	return b.String()
}

// ends returns the octets of an entry, as far as it has them: those at the
// start and those at the end, at most edge each.
func ends(e conformance.Entry, edge int) (head, tail []byte) {
	head = e.Octets
	switch whole := len(head) >= e.Size; {
	case !whole && len(head) == 2*conformance.EntryEdge:
		head, tail = head[:conformance.EntryEdge], head[conformance.EntryEdge:]
	case !whole:
		return head[:min(2*edge, len(head))], nil
	case len(head) <= 2*edge:
		return head, nil
	default:
		tail = head
	}
	return head[:min(edge, len(head))], tail[max(0, len(tail)-edge):]
}

// isHTTP reports whether octets are of an opening handshake, which is text.
func isHTTP(octets []byte) bool {
	return bytes.HasPrefix(octets, []byte("GET ")) || bytes.HasPrefix(octets, []byte("HTTP/"))
}

// textLines writes octets as they read, line ends and all else that does not
// print as escapes.
func textLines(b *strings.Builder, octets []byte, _ int) {
	for line := range bytes.Lines(octets) {
		b.WriteString(Printable(string(line)))
		b.WriteByte('\n')
	}
}

const lineOctets = 16 // of a dump

func hexLines(b *strings.Builder, octets []byte, offset int) {
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
