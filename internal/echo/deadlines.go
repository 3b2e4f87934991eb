package echo

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/coder/websocket"
)

// A peer that does not read holds its answer, and the memory for it, only for so
// long: writeTime, or up to deadlineSlack less, for each atOnce octets. That is
// below 5 KiB/s, which small devices surpass.
const (
	writeTime     = time.Minute
	deadlineSlack = 5 * time.Second
	atOnce        = 256 << 10
)

// errTimeUp is that a conn's reading has come to its end as planned.
var errTimeUp = errors.New("time is up")

// limitRead sets how long the next read may take.
func (c *conn) limitRead() {
	if c.idle == 0 && c.until.IsZero() || c.hurried.Load() {
		return
	}
	end := c.until
	if idle := time.Now().Add(c.idle); c.idle > 0 && (end.IsZero() || idle.Before(end)) {
		end = idle
	}
	_ = c.SetReadDeadline(end)
	if c.hurried.Load() {
		_ = c.SetReadDeadline(time.Now()) // it was set meanwhile, and counts
	}
}

// late is what a read's error means if it took too long, nil for any other.
func (c *conn) late(err error) error {
	switch {
	case c.hurried.Load() || !errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case !c.until.IsZero() && !time.Now().Before(c.until):
		return errTimeUp
	case c.idle > 0:
		return fault{websocket.StatusGoingAway, fmt.Sprintf("nothing came for %s", short(c.idle))}
	}
	return nil
}

// limitNextWrite sets when the next write must be done. That stirs the runtime's
// timers, so the limit of a write before will do for deadlineSlack.
func (c *conn) limitNextWrite() {
	if time.Until(c.renewal) <= 0 {
		now := time.Now()
		c.renewal = now.Add(deadlineSlack)
		c.limitWrite(now.Add(writeTime))
	}
}

// limitWrite sets when writing must be done; the zero time is never.
func (c *conn) limitWrite(end time.Time) {
	if c.hurried.Load() {
		return
	}
	_ = c.SetWriteDeadline(end)
	if c.hurried.Load() {
		_ = c.SetWriteDeadline(time.Now().Add(patience))
	}
}

// hurry is how long writing may take from now.
func (c *conn) hurry(write time.Duration) {
	c.hurried.Store(true)
	_ = c.SetWriteDeadline(time.Now().Add(write))
}

// interrupt ends the reading at once and the writing soon. It may be called
// from any goroutine.
func (c *conn) interrupt() { c.limit(0, patience) }

// limit is how long reading and writing may take from now.
func (c *conn) limit(read, write time.Duration) {
	c.hurried.Store(true)
	now := time.Now()
	_ = c.SetReadDeadline(now.Add(read))
	_ = c.SetWriteDeadline(now.Add(write))
}
