package echo

import (
	"cmp"
	"context"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of a connection before its opening handshake is done. Afterwards a
// device may be quiet for days.
const (
	requestTime    = 10 * time.Second
	idleTime       = time.Minute
	maxHeaderBytes = 16 << 10
)

// grace is how long a stop may take.
const grace = 2 * time.Second

// Serve serves connections from ln until ctx ends, closes them with 1001, waits
// two seconds at most for them to go, and returns nil. If o does not pass Check
// or ln fails, it returns that error. It closes ln in any case.
func Serve(ctx context.Context, ln net.Listener, o Options) error {
	if err := o.Check(); err != nil {
		_ = ln.Close()
		return err
	}
	h := newHandler(o)
	ctx, cancel := context.WithCancel(ctx)
	ln = &limited{Listener: ln, most: o.MaxConnections, open: &h.open, log: h.log}
	patient := cmp.Or(o.Handshake, requestTime)
	server := &http.Server{
		Handler:           h,
		ConnState:         h.follow,
		ConnContext:       withSource,
		ErrorLog:          log.New(h.log, "", 0),
		ReadHeaderTimeout: patient,
		ReadTimeout:       patient,
		WriteTimeout:      patient,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(ln) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	_ = ln.Close()
	cancel() // connections see it, and close
	h.requests.close(grace)
	_ = server.Close() // who has sent no request yet is dropped
	return err
}

// A tally counts the requests being served, until it is closed. A WebSocket's
// request is served until its connection ends.
type tally struct {
	mu     sync.Mutex
	closed bool
	served sync.WaitGroup
}

// begin reports whether the request may be served; then its end is due.
func (t *tally) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.served.Add(1)
	return true
}

func (t *tally) end() { t.served.Done() }

// close refuses further requests, and waits for those being served, that long at
// most.
func (t *tally) close(most time.Duration) {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	none := make(chan struct{})
	go func() {
		t.served.Wait()
		close(none)
	}()
	select {
	case <-none:
	case <-time.After(most):
	}
}
