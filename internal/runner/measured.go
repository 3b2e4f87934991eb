package runner

import (
	"sync"
	"time"
)

// maxLines is how many lines of a kind are said in a second.
const maxLines = 10

// measured says lines to a log, of many of a kind in a second only the first: a
// device that connects a thousand times a second must not fill it, nor keep
// what else there is to say out of it.
type measured struct {
	log   func(format string, args ...any)
	mu    sync.Mutex
	kinds map[string]*kindOfLine // by format
}

type kindOfLine struct {
	since   time.Time
	n       int // lines since then
	dropped int
}

func (m *measured) say(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.kinds[format]
	if !ok {
		k = &kindOfLine{}
		m.kinds[format] = k
	}
	if time.Since(k.since) > time.Second {
		if k.dropped > 0 {
			m.log("%d more lines like the next were left out", k.dropped)
		}
		*k = kindOfLine{since: time.Now()}
	}
	if k.n++; k.n > maxLines {
		k.dropped++
		return
	}
	m.log(format, args...)
}
