package conformance

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of what Parse accepts, so that a text cannot ask for more than a run
// can bear.
const (
	maxText        = 4 << 20 // octets of script
	maxSteps       = 10000
	maxFragments   = 1 << 20 // frames of a step
	maxRally       = 1000000
	maxConnections = 1000
	maxWait        = 24 * time.Hour
)

// blanks separate the columns of a case's first line.
var blanks = regexp.MustCompile(`\s{2,}`)

// Parse reads a case as Case.String writes it. Blank lines and lines that
// begin with # are passed over. An error names the line.
func Parse(text string) (Case, error) {
	var c Case
	p, err := newParser(text)
	if err != nil {
		return c, err
	}
	head, ok := p.line()
	if !ok {
		return c, p.errorf("no case in the text")
	}
	columns := blanks.Split(head, -1)
	if len(columns) < 3 || len(columns) > 4 || strings.Contains(columns[0], " ") {
		return c, p.errorf("want ID, title and clause, two blanks between them, got %s", quoted(head))
	}
	c.ID, c.Title, c.Spec = ID(columns[0]), columns[1], columns[2]
	if len(columns) == 4 {
		if err := c.Level.UnmarshalText([]byte(columns[3])); err != nil {
			return c, p.errorf("%w", err)
		}
	}
	c.Script, err = p.script(false)
	return c, err
}

// ParseScript reads a script as Script.String writes it.
func ParseScript(text string) (Script, error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	return p.script(false)
}

// UnmarshalText reads what MarshalText wrote.
func (s *Script) UnmarshalText(b []byte) (err error) {
	*s, err = ParseScript(string(b))
	return err
}

// parser goes through a text line by line.
type parser struct {
	rest  string // lines to come
	n     int    // of the line last read, from 1
	steps int
}

func newParser(text string) (*parser, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("a script of %d octets; at most %d are read", len(text), maxText)
	}
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return nil, fmt.Errorf("line %d: not UTF-8", 1+strings.Count(text[:i], "\n"))
		}
	}
	return &parser{rest: text}, nil
}

// line returns the next line that says something.
func (p *parser) line() (string, bool) {
	for p.rest != "" {
		var line string
		line, p.rest, _ = strings.Cut(p.rest, "\n")
		p.n++
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return line, true
		}
	}
	return "", false
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %w", max(p.n, 1), fmt.Errorf(format, args...))
}

// script reads steps to the end of the text, or of the block: openings first,
// one ending, last.
func (p *parser) script(block bool) (Script, error) {
	var s Script
	opening, ended := true, false
	for {
		line, ok := p.line()
		switch {
		case block && !ok:
			return nil, p.errorf("the block has no }")
		case !ended && (!ok || block && line == "}"):
			return nil, p.errorf("the script has no ending such as close 1000 or must fail 1002")
		case !ok || block && line == "}":
			return s, nil
		case ended:
			return nil, p.errorf("nothing comes after the ending, but here is %s", quoted(line))
		}
		if p.steps++; p.steps > maxSteps {
			return nil, p.errorf("more than %d steps", maxSteps)
		}
		step, err := p.step(line, block)
		if err != nil {
			return nil, err
		}
		if IsOpening(step) && !opening {
			return nil, p.errorf("%s belongs to the opening handshake and comes first", quoted(line))
		}
		opening = opening && IsOpening(step)
		_, ended = step.(Ending)
		s = append(s, step)
	}
}

// step reads a step from its line, and from those that follow if it is a block.
func (p *parser) step(line string, nested bool) (Step, error) {
	l := &lexer{rest: line}
	if l.word("beside") {
		return p.beside(l, nested)
	}
	step := l.step()
	if err := l.end(); err != nil {
		return nil, p.errorf("%w", err)
	}
	return step, nil
}

// beside reads the rest of a block: one level, for a connection beside another
// is beside the first.
func (p *parser) beside(l *lexer, nested bool) (Step, error) {
	n := l.number(maxConnections)
	l.expect("{")
	if nested {
		l.fail("a beside within a beside")
	}
	if err := l.end(); err != nil {
		return nil, p.errorf("%w", err)
	}
	script, err := p.script(true)
	return BesideStep{n, script}, err
}
