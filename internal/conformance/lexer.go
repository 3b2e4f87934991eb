package conformance

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

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

// end returns the first error; one is that the line goes on.
func (l *lexer) end() error {
	if l.rest != "" {
		l.fail("what is %s?", quoted(l.rest))
	}
	return l.err
}

// quoted quotes a piece of a text, as much of it as an error can bear.
func quoted(s string) string {
	const most = 60 // octets
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}

// word takes a word if it comes next. Words end at a blank or a comma.
func (l *lexer) word(w string) bool {
	after, ok := strings.CutPrefix(l.rest, w)
	if !ok || after != "" && after[0] != ' ' && after[0] != ',' {
		return false
	}
	l.rest = strings.TrimLeft(after, " ")
	return true
}

func (l *lexer) expect(w string) {
	if !l.word(w) {
		l.fail("want %q before %s", w, quoted(l.rest))
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
		l.fail("want a number up to %d, got %s", most, quoted(t))
		return 0
	}
	return int(n)
}

func (l *lexer) duration() time.Duration {
	t := l.token()
	d, err := time.ParseDuration(t)
	if err != nil || d < 0 || d > maxWait {
		l.fail("want a time from 0s to %v such as 1s, got %s", maxWait, quoted(t))
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
		l.fail("want %s=N with N up to %d, got %s", name, most, quoted(t))
	}
	return n, true
}

// durationOption takes name=duration if it comes next.
func (l *lexer) durationOption(name string) time.Duration {
	after, ok := strings.CutPrefix(l.rest, name+"=")
	if !ok {
		return 0
	}
	l.rest = after
	return l.duration()
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
