package report

import (
	"fmt"
	"io"
	"strings"

	"wsprobe/internal/conformance"
)

// caseBorder stands on a line of its own between the cases of a finding: each is
// played on a connection of its own.
const caseBorder = "---"

// CaseFile writes a finding as a script that can be replayed: comments, then a
// case in the language of the suite; before it, likewise, what must come first.
func CaseFile(w io.Writer, f conformance.Finding) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %v: %s\n", f.Kind, Printable(f.Rule))
	fmt.Fprintf(&b, "# %s\n", Printable(f.Detail))
	fmt.Fprintf(&b, "# reproduced %d of %d times; the device is a %v; family %s, seed %d, input %d\n", f.Times, f.Tries, f.Device, f.Family, f.Seed, f.N)
	for i, before := range f.Before {
		c := conformance.Case{ID: f.ID(), Title: fmt.Sprintf("first, connection %d", i+1), Spec: "any", Script: before}
		fmt.Fprintf(&b, "%v%s\n", c, caseBorder)
	}
	c := f.Case()
	c.Title = strings.Join(strings.Fields(Printable(c.Title)), " ") // two blanks would end it
	b.WriteString(c.String())
	_, err := io.WriteString(w, b.String())
	return err
}

// Bounds of a finding's file that is read.
const (
	MaxCaseFile = 4 << 20 // octets
	maxCases    = 100
)

// ParseCaseFile reads the cases of a file that CaseFile wrote, or that somebody
// did by hand: the last is what is replayed, the others come first. An error
// names the line.
func ParseCaseFile(text string) (cases []conformance.Case, err error) {
	if len(text) > MaxCaseFile {
		return nil, fmt.Errorf("more than %d octets", MaxCaseFile)
	}
	var part strings.Builder // a case, behind as many empty lines as the file has before it
	n := 0
	take := func() error {
		if len(cases) == maxCases {
			return fmt.Errorf("line %d: more than %d connections", n, maxCases)
		}
		c, err := conformance.Parse(part.String())
		cases = append(cases, c)
		part.Reset()
		part.WriteString(strings.Repeat("\n", n))
		return err
	}
	for line := range strings.Lines(text) {
		n++
		if strings.TrimSpace(line) != caseBorder {
			part.WriteString(line)
		} else if err := take(); err != nil {
			return nil, err
		}
	}
	if err := take(); err != nil {
		return nil, err
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
