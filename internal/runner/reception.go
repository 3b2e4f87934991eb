package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"wsprobe/internal/handshake"
)

// reception takes the connections that devices, and whoever else, open to us, and
// reads their requests.
type reception struct {
	options  Options
	log      func(format string, args ...any)
	refusals measured
}

// Bounds of what a reception takes on.
const (
	maxOpen   = 256     // connections at once
	maxTarget = 4 << 10 // octets of a request target
)

func newReception(o Options, log func(format string, args ...any)) *reception {
	return &reception{options: o, log: log, refusals: measured{log: log, kinds: map[string]*kindOfLine{}}}
}

// accept takes connections until the listener is closed, and gives each that asks
// for an opening handshake to serve, which returns when it is over.
func (r *reception) accept(ctx context.Context, on net.Listener, working *sync.WaitGroup, serve func(context.Context, *accepted, *url.URL)) error {
	open := make(chan struct{}, maxOpen)
	full := false
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
		select {
		case open <- struct{}{}:
			full = false
		default:
			if conn.Close(); !full {
				full = true
				r.log("%d connections are open: more are closed at once", maxOpen)
			}
			continue
		}
		working.Go(func() {
			defer func() { <-open }()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			defer conn.Close()
			if peer, target, ok := r.read(conn); ok {
				serve(ctx, peer, target)
			}
		})
	}
}

// temporary reports whether accepting may work again: too many files are open.
func temporary(err error) bool {
	var t interface{ Temporary() bool }
	return errors.As(err, &t) && t.Temporary()
}

// read reads the request of a connection, and refuses what is none.
func (r *reception) read(conn net.Conn) (*accepted, *url.URL, bool) {
	watched, in := timed(conn, readBuffer)
	watched.SetDeadline(time.Now().Add(handshakePatience * r.options.patience()))
	request, err := handshake.ReadRequest(in, maxHead)
	if err != nil {
		r.refuse(watched, 400, "%s: no opening handshake: %v", conn.RemoteAddr(), err)
		return nil, nil, false
	}
	target, err := url.ParseRequestURI(request.Target)
	if err != nil || len(request.Target) > maxTarget {
		r.refuse(watched, 400, "%s: no target: %.100q", conn.RemoteAddr(), request.Target)
		return nil, nil, false
	}
	if err := handshake.Usable(handshake.CheckRequest(request)); err != nil {
		r.refuse(watched, 400, "%s: %v", conn.RemoteAddr(), err)
		return nil, nil, false
	}
	watched.SetDeadline(time.Time{})
	return &accepted{conn: watched, r: in, request: request, subprotocol: r.options.Profile.Subprotocol}, target, true
}

// refuse answers an HTTP error, and says why in the log.
func (r *reception) refuse(conn net.Conn, status int, format string, args ...any) {
	reason := fmt.Sprintf(format, args...)
	r.refusals.say("refused: "+format, args...)
	w := bufio.NewWriter(conn)
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\nSec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n",
		status, map[int]string{400: "Bad Request", 404: "Not Found", 503: "Service Unavailable"}[status], len(reason)+1, reason)
	w.Flush()
}
