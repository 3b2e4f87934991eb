package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// screen is where lines go, and on a terminal below them one that is written
// over. Several goroutines may use it.
type screen struct {
	w        io.Writer
	terminal bool
	mu       sync.Mutex
	status   string // the line below; "" for none
}

func newScreen(w io.Writer) *screen { return &screen{w: w, terminal: isTerminal(w) && !dumb()} }

// Write writes whole lines.
func (s *screen) Write(lines []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status == "" {
		return s.w.Write(lines)
	}
	fmt.Fprint(s.w, clearLine)
	n, err := s.w.Write(lines)
	fmt.Fprint(s.w, clip(s.status, s.width()))
	return n, err
}

// show replaces the line that is written over; "" takes it away. Off a terminal
// there is none.
func (s *screen) show(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.terminal && status+s.status != "" {
		fmt.Fprint(s.w, clearLine+clip(status, s.width()))
		s.status = status
	}
}

const clearLine = "\r\x1b[K"

func (s *screen) width() int {
	if f, ok := s.w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// clip cuts a line of ASCII to a width.
func clip(line string, width int) string { return line[:min(len(line), max(width-1, 0))] }

func isTerminal(w io.Writer) bool {
	if shown, ok := w.(*results); ok {
		w = shown.to
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// dumb reports whether the terminal says that it knows no escape sequences.
func dumb() bool { return os.Getenv("TERM") == "dumb" }

// colorful reports whether colour is welcome: on a terminal that has it, unless
// NO_COLOR is set to anything.
func colorful(w io.Writer) bool { return isTerminal(w) && !dumb() && os.Getenv("NO_COLOR") == "" }
