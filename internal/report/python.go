package report

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

//go:embed finding.py
var python string

// Python writes a program that sends what the finding sent and needs nothing
// but Python 3: to hand to somebody who has the device and not wsprobe.
func Python(w io.Writer, f conformance.Finding) error {
	var b strings.Builder
	role := "server"
	if f.Device == wire.Client {
		role = "client"
	}
	fmt.Fprintf(&b, "#!/usr/bin/env python3\n# %v: %s\n# %s\n", f.Kind, Printable(f.Rule), Printable(f.Detail))
	hold := "False"
	if f.Holds() {
		hold = "True"
	}
	fmt.Fprintf(&b, "DEVICE = %q\nHOLD = %s  # connections stay open while others are opened\n\n# What goes out on each connection, write for write; None waits for an answer.\nCONNECTIONS = [\n", role, hold)
	for _, c := range f.Connections {
		b.WriteString("    [\n")
		sent := false
		for _, s := range c {
			switch {
			case s.Sent:
				sent = true
				for _, line := range pieces(s.Octets) {
					fmt.Fprintf(&b, "        %s\n", line)
				}
			case sent: // what comes before that is the request of a client
				b.WriteString("        None,\n")
				sent = false
			}
		}
		b.WriteString("    ],\n")
	}
	b.WriteString("]\n\n")
	b.WriteString(python)
	_, err := io.WriteString(w, b.String())
	return err
}

// pieces writes octets as lines of Python: literals that Python joins.
func pieces(octets []byte) (lines []string) {
	const most = 64
	for len(octets) > most {
		lines = append(lines, bytesLiteral(octets[:most]))
		octets = octets[most:]
	}
	return append(lines, bytesLiteral(octets)+",")
}

// bytesLiteral is b"…" with every octet that is not plain ASCII escaped.
func bytesLiteral(octets []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for _, c := range octets {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= ' ' && c < 0x7F:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
