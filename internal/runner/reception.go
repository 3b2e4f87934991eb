package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync"
	"time"

	"wsprobe/internal/handshake"
)

// reception takes the connections that devices, and whoever else, open to us, and
// reads their requests.
type reception struct {
	options  Options
	refusals measured

	// refused is told of each request that is refused for what it is; nil for
	// nobody.
	refused func(*timedConn, handshake.Request, *url.URL)
}

// Bounds of what a reception takes on.
const (
	maxOpen   = 256     // connections at once, half of them from one address
	maxTarget = 4 << 10 // octets of a request target
)

func newReception(o Options, log func(format string, args ...any)) *reception {
	return &reception{options: o, refusals: measured{log: log, kinds: map[string]*kindOfLine{}}}
}

// accept takes connections until the listener is closed, and gives each that asks
// for an opening handshake to serve, which returns when it is over.
func (r *reception) accept(ctx context.Context, on net.Listener, working *sync.WaitGroup, serve func(context.Context, *accepted, *url.URL)) error {
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
			r.refusals.say("%s: more are closed at once", why)
			continue
		}
		working.Go(func() {
			defer doors.leave(from)
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			defer conn.Close()
			if peer, target, ok := r.read(conn); ok {
				defer peer.pending.end()
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
	within := handshakePatience * r.options.patience()
	watched.SetDeadline(time.Now().Add(within))
	request, err := handshake.ReadRequest(in, maxHead)
	target, fault := takeable(request)
	late := errors.Is(err, os.ErrDeadlineExceeded)
	if r.refused != nil && (late || err == nil && fault != nil) {
		r.refused(watched, request, target)
	}
	switch {
	case errors.Is(err, net.ErrClosed): // by us
		return nil, nil, false
	case late:
		watched.SetDeadline(time.Now().Add(r.options.patience())) // to say so
		r.refuse(watched, 400, "%s: %s", conn.RemoteAddr(), unended("request", request.Raw, within))
		return nil, nil, false
	case err != nil:
		r.refuse(watched, 400, "%s: no opening handshake: %v", conn.RemoteAddr(), err)
		return nil, nil, false
	case fault != nil:
		r.refuse(watched, 400, "%s: %v", conn.RemoteAddr(), fault)
		return nil, nil, false
	}
	watched.SetDeadline(time.Time{})
	return &accepted{conn: watched, r: in, request: request, subprotocol: r.options.Profile.Subprotocol, pending: newPending(watched, in)}, target, true
}

// takeable returns what a request asks for, even if there is a reason to refuse it.
func takeable(request handshake.Request) (*url.URL, error) {
	target, err := url.ParseRequestURI(request.Target)
	if err != nil || len(request.Target) > maxTarget {
		return &url.URL{}, fmt.Errorf("no target: %.100q", request.Target)
	}
	return target, handshake.Usable(handshake.CheckRequest(request))
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
