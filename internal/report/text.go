package report

import (
	"fmt"
	"io"
	"strings"

	"wsprobe/internal/conformance"
)

// TextOptions say how Summary writes.
type TextOptions struct {
	Color bool // with ANSI colours, for a terminal; words say the same
}

// Summary writes what a run came to for somebody at a terminal: what fails and
// why, what was skipped and why, known verdicts that are stale. Counts come
// last, where somebody looks when a hundred failures have gone by.
func Summary(w io.Writer, run Run, o TextOptions) error {
	t := &textWriter{color: o.Color}
	t.failures(run)
	t.skips(run)
	t.stale(run)
	t.counts(run)
	_, err := io.WriteString(w, t.String())
	return err
}

// textWriter collects lines. What comes from a device goes through printable.
type textWriter struct {
	strings.Builder
	color bool
}

func (t *textWriter) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

// paint returns s in the colour of a verdict.
func (t *textWriter) paint(v conformance.Verdict, s string) string {
	if !t.color {
		return s
	}
	code := "31" // red
	switch toneOf(v) {
	case toneGood:
		code = "32"
	case toneWarn:
		code = "33"
	case toneInfo:
		code = "36"
	case toneNone:
		code = "2" // dim
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *textWriter) counts(run Run) {
	if t.Len() > 0 {
		t.printf("\n")
	}
	t.printf("%s: %s\n", shorten(Printable(run.Agent), maxAgent), run.headline())
	counts := run.Counts()
	var parts []string
	for _, v := range worstFirst() {
		if counts[v] > 0 {
			parts = append(parts, t.paint(v, fmt.Sprintf("%d %v", counts[v], v)))
		}
	}
	if len(parts) > 0 {
		t.printf("  %s\n", strings.Join(parts, ", "))
	}
	for _, note := range notesOf(run) {
		t.printf("  %s\n", note)
	}
}

func (t *textWriter) failures(run Run) {
	rules := run.Rules()
	heading := fmt.Sprintf("\nfailed by %s:\n", shorten(Printable(run.Agent), maxAgent))
	for _, r := range run.sorted() {
		if rules.Outcome(r) != conformance.Fails {
			continue
		}
		t.printf("%s", heading)
		heading = ""
		verdicts := fmt.Sprintf("%v / %v", r.Behavior, r.BehaviorClose)
		t.printf("  %s  %s  %s\n", Printable(string(r.Case.ID)), t.paint(r.Worse(), verdicts), Printable(r.Case.Title))
		if r.Reason != "" {
			t.printf("      %s\n", shorten(Printable(r.Reason), maxReasonText))
		}
	}
}

// maxReasonText bounds a reason in a terminal, in characters.
const maxReasonText = 400

func (t *textWriter) skips(run Run) {
	skips := run.Skips()
	if len(skips) == 0 {
		return
	}
	t.printf("\nskipped:\n")
	for _, skip := range skips {
		t.printf("  %d: %s\n", skip.N, shorten(Printable(skip.Reason), maxReasonText))
	}
}

func (t *textWriter) stale(run Run) {
	lines := run.Known.Stale(run.Results)
	if len(lines) == 0 {
		return
	}
	t.printf("\nknown verdicts that are stale, for the device does better; remove them:\n")
	for _, line := range lines {
		t.printf("  line %d: %s\n", line.N, Printable(line.String()))
	}
}
