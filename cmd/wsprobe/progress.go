package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"wsprobe/internal/conformance"
)

// progress tells how far a run is: in one line that is written over on a
// terminal, and in a line a group elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	cases    []conformance.Case
	rules    conformance.Rules
	began    time.Time
	done     int
	all      map[conformance.Verdict]int
	group    map[conformance.Verdict]int
}

func newProgress(w io.Writer, cases []conformance.Case, rules conformance.Rules) *progress {
	p := &progress{w: w, terminal: isTerminal(w) && !dumb(), cases: cases, rules: rules, began: time.Now(),
		all: map[conformance.Verdict]int{}, group: map[conformance.Verdict]int{}}
	p.show()
	return p
}

// add counts the result of the next case.
func (p *progress) add(r conformance.Result) {
	p.all[r.Worse()]++
	p.group[r.Worse()]++
	p.done++
	if p.terminal {
		p.show()
		return
	}
	group := r.Case.ID.Group()
	if p.done >= len(p.cases) || p.cases[p.done].ID.Group() != group {
		fmt.Fprintf(p.w, "%d/%d  %s %s: %s\n", p.done, len(p.cases), group, conformance.GroupTitle(group), tally(p.group))
		clear(p.group)
	}
}

// show writes the line of a terminal.
func (p *progress) show() {
	if !p.terminal {
		return
	}
	line := fmt.Sprintf("%d/%d", p.done, len(p.cases))
	if p.done > 0 {
		line += "  " + tally(p.all)
	}
	if p.done < len(p.cases) {
		line += fmt.Sprintf("  now %s%s", p.cases[p.done].ID, p.left())
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", clip(line, p.width()))
}

// left estimates the time that is left from the time that was spent.
func (p *progress) left() string {
	spent := time.Since(p.began)
	if p.done < 10 || spent < time.Second {
		return ""
	}
	left := spent * time.Duration(len(p.cases)-p.done) / time.Duration(p.done)
	return fmt.Sprintf(", about %v left", left.Round(time.Second))
}

// end leaves the line of a terminal.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) width() int {
	if f, ok := p.w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// tally names verdicts with their counts, the good ones first.
func tally(counts map[conformance.Verdict]int) string {
	var parts []string
	for _, v := range conformance.Verdicts() {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %v", counts[v], v))
		}
	}
	return strings.Join(parts, ", ")
}

// clip cuts a line of ASCII to a width.
func clip(line string, width int) string { return line[:min(len(line), max(width-1, 0))] }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// dumb reports whether the terminal says that it knows no escape sequences.
func dumb() bool { return os.Getenv("TERM") == "dumb" }

// colorful reports whether colour is welcome: on a terminal that has it, unless
// NO_COLOR is set to anything.
func colorful(w io.Writer) bool { return isTerminal(w) && !dumb() && os.Getenv("NO_COLOR") == "" }
