package runner

import (
	"bufio"
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"
)

// pending is a connection whose request has come, and has no answer yet. Until
// it has, it is watched: a device may lose patience, or send too early.
type pending struct {
	conn *timedConn
	r    *bufio.Reader
	left bool          // the device has ended it, once over is closed
	over chan struct{} // closed when the device has ended it, or the answer goes out
}

func newPending(conn *timedConn, r *bufio.Reader) *pending {
	p := &pending{conn: conn, r: r, over: make(chan struct{})}
	go p.watch()
	return p
}

// watch reads into the buffer what comes too early, until that is full.
func (p *pending) watch() {
	defer close(p.over)
	for {
		if _, err := p.r.Peek(p.r.Buffered() + 1); err != nil {
			p.left = !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, bufio.ErrBufferFull)
			return
		}
	}
}

// end gives the reader back.
func (p *pending) end() {
	p.conn.SetReadDeadline(time.Unix(1, 0))
	<-p.over
	p.conn.SetReadDeadline(time.Time{})
}

// wait waits for d, and no longer than the device does.
func (p *pending) wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-p.over:
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// crowd knows the connections of each device that are pending: "If multiple
// connections to the same IP address are attempted by the client simultaneously,
// the client MUST serialize them so that there is no more than one connection at
// a time" (RFC 6455 §4.1).
type crowd struct {
	mu      sync.Mutex
	pending map[string][]*pending // by device
	looking map[string]int        // how many connections of the device are being looked at
}

// overlap is how long two connections of a device must be pending at once to be
// blamed: what the device has ended before may be known here after.
const overlap = 300 * time.Millisecond

// maxLooks is how many connections of a device are held that long at once.
const maxLooks = 4

// join adds a connection of a device, and reports whether another one is pending
// beside it. Of a storm of them a few are looked at.
func (c *crowd) join(ctx context.Context, agent string, p *pending, overlap time.Duration) bool {
	c.mu.Lock()
	if c.pending == nil {
		c.pending, c.looking = map[string][]*pending{}, map[string]int{}
	}
	others := slices.DeleteFunc(slices.Clone(c.pending[agent]), func(other *pending) bool { return !other.lasts() })
	c.pending[agent] = append(c.pending[agent], p)
	if len(others) == 0 || c.looking[agent] == maxLooks {
		c.mu.Unlock()
		return false
	}
	c.looking[agent]++
	c.mu.Unlock()
	p.wait(ctx, overlap)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looking[agent]--; c.looking[agent] == 0 {
		delete(c.looking, agent)
	}
	return p.lasts() && slices.ContainsFunc(others, (*pending).lasts)
}

// leave takes a connection out, which is answered or over.
func (c *crowd) leave(agent string, p *pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[agent] = slices.DeleteFunc(c.pending[agent], func(other *pending) bool { return other == p })
	if len(c.pending[agent]) == 0 {
		delete(c.pending, agent)
	}
}

// gone reports whether the device has ended it before it was answered.
func (p *pending) gone() bool { return !p.lasts() && p.left }

// lasts reports whether the connection is pending still.
func (p *pending) lasts() bool {
	select {
	case <-p.over:
		return false
	default:
		return true
	}
}
