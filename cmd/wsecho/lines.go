package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Bounds of what waits to be shown.
const (
	maxWaiting = 1 << 20         // octets of lines
	showTime   = 2 * time.Second // at the end, for who reads
)

// lines hands lines on to who may read them slowly, or pause: a terminal that was
// stopped with Ctrl-S, a pager. The devices are not to wait for that. Lines that do
// not fit in what waits are lost, and how many is said in their place.
type lines struct {
	to   io.Writer
	more chan struct{} // has one when there is something to do
	done chan struct{} // closed when all is shown

	mu      sync.Mutex
	waiting []byte
	lost    int
	closed  bool
}

func newLines(to io.Writer) *lines {
	l := &lines{to: to, more: make(chan struct{}, 1), done: make(chan struct{})}
	go l.show()
	return l
}

// Write takes a line, or a few. It does not wait, and never fails.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	if l.lost > 0 || len(l.waiting)+len(line) > maxWaiting {
		l.lost++
	} else {
		l.waiting = append(l.waiting, line...)
	}
	l.mu.Unlock()
	l.wake()
	return len(line), nil
}

// close waits for what was written before, but no longer than two seconds.
func (l *lines) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.wake()
	select {
	case <-l.done:
	case <-time.After(showTime):
	}
}

func (l *lines) wake() {
	select {
	case l.more <- struct{}{}:
	default:
	}
}

func (l *lines) show() {
	defer close(l.done)
	var shown []byte
	for range l.more {
		l.mu.Lock()
		waiting, lost, closed := l.waiting, l.lost, l.closed
		l.waiting, l.lost = shown[:0], 0
		l.mu.Unlock()
		if lost > 0 {
			waiting = fmt.Appendf(waiting, "wsecho: %d lines are lost here, for they were not read in time\n", lost)
		}
		_, _ = l.to.Write(waiting) // who reads it may go; the echo goes on
		shown = waiting
		if closed {
			return
		}
	}
}
