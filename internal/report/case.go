package report

import (
	"fmt"
	"io"
	"strings"

	"wsprobe/internal/conformance"
)

// caseBorder stands on a line of its own caseBorder the cases of a finding: each is
// played on a connection of its own.
const caseBorder = "---"

// CaseFile writes a finding as a script that can be replayed: comments, then a
// case in the language of the suite; before it, likewise, what must come first.
func CaseFile(w io.Writer, f conformance.Finding) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %v: %s\n", f.Kind, printable(f.Rule))
	fmt.Fprintf(&b, "# %s\n", printable(f.Detail))
	fmt.Fprintf(&b, "# reproduced %d of %d times; the device is a %v; family %s, seed %d, input %d\n", f.Times, f.Tries, f.Device, f.Family, f.Seed, f.N)
	for i, before := range f.Before {
		c := conformance.Case{ID: f.ID(), Title: fmt.Sprintf("first, connection %d", i+1), Spec: "any", Script: before}
		fmt.Fprintf(&b, "%v\n%s\n", c, caseBorder)
	}
	fmt.Fprintf(&b, "%v\n", f.Case())
	_, err := io.WriteString(w, b.String())
	return err
}

// ParseCaseFile reads the cases of a file that CaseFile wrote, or that somebody
// did by hand: the last is what is replayed, the others come first.
func ParseCaseFile(text string) (cases []conformance.Case, err error) {
	line := 0
	for part := range strings.SplitSeq(text, "\n"+caseBorder+"\n") {
		c, err := conformance.Parse(strings.Repeat("\n", line) + part)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
		line += strings.Count(part, "\n") + 2
	}
	return cases, nil
}

// Octets writes what we sent, and nothing else: the octets of each connection,
// one after another.
func Octets(w io.Writer, f conformance.Finding) error {
	for _, c := range f.Connections {
		for _, s := range c {
			if s.Sent {
				if _, err := w.Write(s.Octets); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// FindingFormat is a file that a finding is written to.
type FindingFormat struct {
	Suffix string
	Render func(io.Writer, conformance.Finding) error
}

// FindingFormats returns the files of a finding.
func FindingFormats() []FindingFormat {
	return []FindingFormat{
		{".case", CaseFile}, {".bin", Octets}, {".hex", Hex}, {".py", Python}, {".pcapng", Capture},
	}
}

// Hex writes what we sent in hexadecimal, a write a line, a blank line between
// connections.
func Hex(w io.Writer, f conformance.Finding) error {
	var b strings.Builder
	for i, c := range f.Connections {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, s := range c {
			if s.Sent {
				fmt.Fprintf(&b, "% x\n", s.Octets)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
