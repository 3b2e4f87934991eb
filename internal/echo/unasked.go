package echo

import (
	"context"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// What a server sends without being asked.

// What a URL may ask for.
const (
	minEvery    = 10 * time.Millisecond // between two messages, or two pings
	maxEvery    = time.Hour
	maxPushed   = 64 << 10 // octets of a message
	maxPushes   = 1_000_000
	maxFlood    = 100_000
	floodOctets = 16 // each, whatever the URL
)

func readPush(q *parameters) action {
	every := q.duration("every", time.Second, minEvery, maxEvery)
	size := q.number("size", 16, 0, maxPushed)
	count := q.number("count", 0, 0, maxPushes)
	return action{play: func(p *peer) error {
		return p.beside(silent, func(ctx context.Context) error {
			for n := 1; count == 0 || n <= count; n++ {
				if err := wait(ctx, every); err != nil {
					return err
				}
				if err := p.writeCopy(websocket.MessageText, numbered(n, size)); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

func readFlood(q *parameters) action {
	count := q.number("count", 1000, 1, maxFlood)
	return action{play: func(p *peer) error {
		return p.beside(silent, func(ctx context.Context) error {
			for n := 1; n <= count && ctx.Err() == nil; n++ {
				if err := p.writeCopy(websocket.MessageText, numbered(n, floodOctets)); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

// readPing: a missing pong is told and no more; many devices never send one.
func readPing(q *parameters) action {
	every := q.duration("every", time.Second, minEvery, maxEvery)
	return action{play: func(p *peer) error {
		p.pongs = make(chan string, 1)
		return p.beside(echo, func(ctx context.Context) error {
			for n := 1; ; n++ {
				if err := p.ping(ctx, strconv.Itoa(n), every); err != nil {
					return err
				}
			}
		})
	}}
}

// ping sends a ping and takes that time, whenever the pong comes.
func (p *peer) ping(ctx context.Context, payload string, every time.Duration) error {
	sent := time.Now()
	if err := p.conn.control(opcodePing, payload); err != nil {
		return err
	}
	next := time.NewTimer(every)
	defer next.Stop()
	for answered := false; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case pong := <-p.pongs:
			if pong == payload && !answered {
				answered = true
				p.log.note("Pong from %s after %v", p.address, time.Since(sent).Round(time.Microsecond))
			}
		case <-next.C:
			if !answered {
				p.log.note("No pong from %s within %s", p.address, short(every))
			}
			return nil
		}
	}
}

// beside plays while act sends, and returns when both have ended. If act fails,
// the peer does not read, or is gone.
func (p *peer) beside(play func(*peer) error, act func(context.Context) error) error {
	ctx, cancel := context.WithCancel(p.ctx)
	acted := make(chan struct{})
	p.conn.share()
	go func() {
		defer close(acted)
		if err := act(ctx); err != nil {
			p.conn.interrupt()
		}
	}()
	err := play(p)
	cancel()
	p.conn.hurry(patience) // so that a write that no one reads ends
	<-acted
	return err
}

// wait waits, and returns an error if ctx ends meanwhile.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// numbered is a text of a size that begins with its number, as far as it goes.
func numbered(n, size int) []byte {
	text := strconv.AppendInt(make([]byte, 0, max(size, 20)), int64(n), 10)
	for len(text) < size {
		text = append(text, '*')
	}
	return text[:size]
}
