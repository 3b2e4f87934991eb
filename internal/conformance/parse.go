package conformance

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"wsprobe/internal/wire"
)

// Bounds of what Parse accepts, so that a text cannot ask for more than a run
// can bear.
const (
	maxText        = 4 << 20 // octets of script
	maxSteps       = 10000
	maxReason      = 1 << 16 // octets; lawful are 123
	maxRally       = 1000000
	maxConnections = 1000
	maxWait        = 24 * time.Hour
)

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
		return c, errors.New("no case: the text is empty")
	}
	columns := regexp.MustCompile(`\s{2,}`).Split(head, -1)
	if len(columns) < 3 || len(columns) > 4 {
		return c, p.errorf("want ID, title and clause, two blanks between them, got %q", head)
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
	lines []string
	n     int // of the line last read, from 1
	steps int
}

func newParser(text string) (*parser, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("a script of %d octets; at most %d are read", len(text), maxText)
	}
	return &parser{lines: strings.Split(text, "\n")}, nil
}

// line returns the next line that says something.
func (p *parser) line() (string, bool) {
	for p.n < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.n])
		p.n++
		if line != "" && line[0] != '#' {
			return line, true
		}
	}
	return "", false
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %w", p.n, fmt.Errorf(format, args...))
}

// script reads steps to the end of the text, or of the block.
func (p *parser) script(block bool) (Script, error) {
	var s Script
	for {
		line, ok := p.line()
		if block && !ok {
			return nil, p.errorf("the block has no }")
		}
		if !ok || block && line == "}" {
			return s, p.complete(s)
		}
		if p.steps++; p.steps > maxSteps {
			return nil, p.errorf("more than %d steps", maxSteps)
		}
		step, err := p.step(line, block)
		if err != nil {
			return nil, err
		}
		s = append(s, step)
	}
}

// complete checks what holds for every script: openings first, one ending, last.
func (p *parser) complete(s Script) error {
	opening := true
	for i, step := range s {
		if _, ending := step.(Ending); ending != (i == len(s)-1) {
			return p.errorf("a script has one ending, and it is the last step; step %d is %q", i+1, step)
		}
		if IsOpening(step) && !opening {
			return p.errorf("step %d, %q, belongs to the opening handshake and comes first", i+1, step)
		}
		opening = opening && IsOpening(step)
	}
	if len(s) == 0 {
		return p.errorf("no steps")
	}
	return nil
}

func (p *parser) step(line string, nested bool) (Step, error) {
	l := &lexer{rest: line}
	if !nested && l.word("beside") {
		n := l.number(maxConnections)
		if l.expect("{"); l.err != nil {
			return nil, p.errorf("%w", l.err)
		}
		script, err := p.script(true)
		return BesideStep{n, script}, err
	}
	step := l.step()
	if l.err == nil && l.rest != "" {
		l.fail("what is %q?", l.rest)
	}
	if l.err != nil {
		return nil, p.errorf("%w", l.err)
	}
	return step, nil
}

// lexer reads one line from left to right. After its first error it reads on
// without effect, so that only the end need be checked.
type lexer struct {
	rest string
	err  error
}

func (l *lexer) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf(format, args...)
	}
}

// word takes a word if it comes next.
func (l *lexer) word(w string) bool {
	after, ok := strings.CutPrefix(l.rest, w)
	if !ok || after != "" && after[0] != ' ' {
		return false
	}
	l.rest = strings.TrimLeft(after, " ")
	return true
}

func (l *lexer) expect(w string) {
	if !l.word(w) {
		l.fail("want %q before %q", w, l.rest)
	}
}

// token takes everything up to the next blank or comma.
func (l *lexer) token() string {
	i := strings.IndexAny(l.rest, " ,")
	if i < 0 {
		i = len(l.rest)
	}
	t := l.rest[:i]
	l.rest = strings.TrimLeft(l.rest[i:], " ")
	return t
}

// number takes a number from 0 to most.
func (l *lexer) number(most uint64) int {
	t := l.token()
	n, err := strconv.ParseUint(t, 10, 64)
	if err != nil || n > most {
		l.fail("want a number up to %d, got %q", most, t)
		return 0
	}
	return int(n)
}

func (l *lexer) duration() time.Duration {
	t := l.token()
	d, err := time.ParseDuration(t)
	if err != nil || d < 0 || d > maxWait {
		l.fail("want a time such as 1s, got %q", t)
		return 0
	}
	return d
}

// option takes name=number if it comes next.
func (l *lexer) option(name string, most uint64) (uint64, bool) {
	after, ok := strings.CutPrefix(l.rest, name+"=")
	if !ok {
		return 0, false
	}
	l.rest = after
	t := l.token()
	n, err := strconv.ParseUint(t, 10, 64)
	if err != nil || n > most {
		l.fail("want %s=N with N up to %d, got %q", name, most, t)
	}
	return n, true
}

// comma takes a comma if it comes next.
func (l *lexer) comma() bool {
	after, ok := strings.CutPrefix(l.rest, ",")
	if ok && l.err == nil {
		l.rest = strings.TrimLeft(after, " ")
		return true
	}
	return false
}

// payload takes "unit", "unit"*times or "unit"[:octets] if it comes next.
func (l *lexer) payload() (Payload, bool) {
	if !strings.HasPrefix(l.rest, `"`) {
		return Payload{}, false
	}
	quoted, err := strconv.QuotedPrefix(l.rest)
	if err != nil {
		l.fail("the quotes do not match: %s", l.rest)
		return Payload{}, false
	}
	unit, err := strconv.Unquote(quoted)
	if err != nil {
		l.fail("not a string: %s", quoted)
		return Payload{}, false
	}
	after := l.rest[len(quoted):]
	size := len(unit)
	switch {
	case strings.HasPrefix(after, "*"):
		l.rest = after[1:]
		size = l.size(l.token(), len(unit))
	case strings.HasPrefix(after, "[:"):
		n, rest, ok := strings.Cut(after[2:], "]")
		if !ok {
			l.fail("want ] after %q", after)
		}
		l.rest = strings.TrimLeft(rest, " ")
		size = l.size(n, 1)
	default:
		l.rest = strings.TrimLeft(after, " ")
	}
	if l.err != nil {
		return Payload{}, false
	}
	return Repeated(unit, size), true
}

// size reads a number of units and returns it in octets.
func (l *lexer) size(t string, unit int) int {
	n, err := strconv.ParseUint(t, 10, 64)
	if err != nil || n > MaxPayload/uint64(max(unit, 1)) {
		l.fail("a payload of %q × %d octets; it may have at most %d", t, unit, MaxPayload)
		return 0
	}
	return int(n) * unit
}

// frames takes a list of frames.
func (l *lexer) frames() []Frame {
	frames := []Frame{l.frame()}
	for l.comma() {
		frames = append(frames, l.frame())
	}
	return frames
}

func (l *lexer) frame() (f Frame) {
	f.Opcode = l.opcode()
	if fin, ok := l.option("fin", 1); ok {
		f.NotFin = fin == 0
	}
	if bits, ok := l.option("rsv", 7); ok {
		f.Bits = uint8(bits)
	}
	if l.word("mask=wrong") {
		f.Masking = Wrong
	}
	if n, ok := l.option("length", math.MaxUint64); ok {
		f.Claim = Claim{true, n}
	}
	if form, ok := l.option("form", 64); ok {
		if form != 7 && form != 16 && form != 64 {
			l.fail("a length has 7, 16 or 64 bits, not %d", form)
		}
		f.Form = wire.LengthForm(form)
	}
	f.Octets = l.octets()
	if f.Opcode == wire.Close {
		f.Payload = l.closePayload()
	} else {
		f.Payload, _ = l.payload()
	}
	if f.Octets[1] > f.Payload.Len() || f.Octets[0] > f.Octets[1] {
		l.fail("octets=%d:%d of a payload of %d", f.Octets[0], f.Octets[1], f.Payload.Len())
	}
	return f
}

// octets takes octets=I:J if it comes next.
func (l *lexer) octets() (ij [2]int) {
	after, ok := strings.CutPrefix(l.rest, "octets=")
	if !ok {
		return ij
	}
	l.rest = after
	t := l.token()
	from, to, _ := strings.Cut(t, ":")
	i, errI := strconv.ParseUint(from, 10, 31)
	j, errJ := strconv.ParseUint(to, 10, 31)
	if errI != nil || errJ != nil {
		l.fail("want octets=I:J, got %q", t)
	}
	return [2]int{int(i), int(j)}
}

func (l *lexer) opcode() wire.Opcode {
	t := l.token()
	for op := wire.Opcode(0); op < 16; op++ {
		if t == op.String() {
			return op
		}
	}
	l.fail("no frame is called %q", t)
	return 0
}

// closePayload takes a status and a reason, or a payload as it is.
func (l *lexer) closePayload() Payload {
	if l.rest == "" || l.rest[0] < '0' || l.rest[0] > '9' {
		p, _ := l.payload()
		return p
	}
	code := wire.StatusCode(l.number(math.MaxUint16))
	reason, _ := l.payload()
	if reason.Len() > maxReason {
		l.fail("a reason of %d octets; at most %d are read", reason.Len(), maxReason)
		return Payload{}
	}
	return Close(code, reason.Octets()).Payload
}
