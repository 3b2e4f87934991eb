package runner

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// accept takes connections until the listener is closed.
func (s *service) accept(ctx context.Context, on net.Listener, working *sync.WaitGroup) error {
	doors := newDoors()
	for {
		conn, err := on.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return ctx.Err()
			}
			if temporary(err) {
				pause(ctx, 10*time.Millisecond)
				continue
			}
			return fmt.Errorf("accept: %w", err)
		}
		from := host(conn)
		if why := doors.enter(from); why != "" {
			conn.Close()
			s.refusals.say("%s: more are closed at once", why)
			continue
		}
		working.Go(func() {
			defer doors.leave(from)
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			defer conn.Close()
			s.serve(ctx, conn)
		})
	}
}

// temporary reports whether accepting may work again: too many files are open.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

// doors count who is in: one address must not take all the room.
type doors struct {
	mu  sync.Mutex
	all int
	of  map[string]int // by address
}

func newDoors() *doors { return &doors{of: map[string]int{}} }

// enter lets a connection in, or says why not.
func (d *doors) enter(host string) (why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.all >= maxOpen:
		return fmt.Sprintf("%d connections are open", maxOpen)
	case d.of[host] >= maxOpen/2:
		return fmt.Sprintf("%d connections from %s are open", maxOpen/2, host)
	}
	d.all++
	d.of[host]++
	return ""
}

// leave is for each connection that was let in.
func (d *doors) leave(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.of[host]--; d.of[host] == 0 {
		delete(d.of, host)
	}
}
