package runner

import (
	"sync"
	"time"
)

// maxLines is how many lines a second are said.
const maxLines = 10

// measured says lines to a log, of many in a second only the first: a device
// that connects a thousand times a second must not fill it.
type measured struct {
	log     func(format string, args ...any)
	mu      sync.Mutex
	since   time.Time
	n       int // lines since then
	dropped int
}

func (m *measured) say(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.since) > time.Second {
		if m.dropped > 0 {
			m.log("%d more lines like these were left out", m.dropped)
		}
		m.since, m.n, m.dropped = time.Now(), 0, 0
	}
	if m.n++; m.n > maxLines {
		m.dropped++
		return
	}
	m.log(format, args...)
}
