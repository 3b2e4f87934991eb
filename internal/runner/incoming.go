package runner

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"wsprobe/internal/wire"
)

// Incoming is the Peer of a device that is a client: it connects again and again,
// to whatever path, and each connection that it opens is one for Open. The device
// is the first that comes with an opening handshake, told from others by its
// address; others are refused.
type Incoming struct {
	// Wait is how long Open waits for the device: well above the time that it
	// takes between two connections. 0 is a default of 10 s, which the time scale
	// multiplies.
	Wait time.Duration
	// Log is told, in a line, who is refused and why; nil for nobody. It must be
	// safe for use by several goroutines.
	Log func(format string, args ...any)

	on       net.Listener
	options  Options
	arrivals chan *arrival
	ended    chan struct{} // closed when no more will come

	mu   sync.Mutex
	host string // of the device; "" before it came
}

// arrival is a connection of the device, which waits for Open.
type arrival struct {
	peer   *accepted
	since  time.Time
	opened chan *Session // what became of it; nil if nothing did
}

// NewIncoming returns the Peer of a device that connects to the listener. It is
// to be served, see [Incoming.Serve].
func NewIncoming(on net.Listener, o Options) *Incoming {
	return &Incoming{on: on, options: o, arrivals: make(chan *arrival), ended: make(chan struct{})}
}

// Role returns Server.
func (in *Incoming) Role() wire.Role { return wire.Server }

// Serve takes connections until the context ends, closes the listener and every
// connection, and returns the context's error or the listener's. It is called
// once.
func (in *Incoming) Serve(ctx context.Context) error {
	log := in.Log
	if log == nil {
		log = func(string, ...any) {}
	}
	var working sync.WaitGroup
	defer working.Wait()
	defer close(in.ended)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(ctx, func() { in.on.Close() })
	r := newReception(in.options, log)
	return r.accept(ctx, in.on, &working, func(ctx context.Context, peer *accepted, _ *url.URL) {
		if host, ok := in.belongs(peer); !ok {
			r.refuse(peer.conn, 503, "%s: the device is %s", peer.conn.RemoteAddr(), host)
			return
		}
		in.receive(ctx, peer)
	})
}

// belongs reports whether a connection is the device's, and what host that is.
func (in *Incoming) belongs(peer *accepted) (device string, ok bool) {
	host, _, _ := net.SplitHostPort(peer.conn.RemoteAddr().String())
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.host == "" {
		in.host = host
	}
	return in.host, in.host == host
}

// receive holds a connection until it is opened, and then until it is over.
func (in *Incoming) receive(ctx context.Context, peer *accepted) {
	a := &arrival{peer, time.Now(), make(chan *Session, 1)}
	select {
	case in.arrivals <- a:
	case <-ctx.Done():
		return
	}
	select {
	case s := <-a.opened:
		if s != nil {
			<-s.done
		}
	case <-ctx.Done():
	}
}

// Open waits for the next connection of the device and answers its request.
func (in *Incoming) Open(ctx context.Context, o Opening) (*Session, *OpenError) {
	timer := time.NewTimer(in.wait())
	defer timer.Stop()
	for {
		select {
		case a := <-in.arrivals:
			if time.Since(a.since) > in.options.patience() { // it had to wait for long, and may have left
				a.peer.pending.wait(ctx, time.Millisecond)
			}
			if a.peer.pending.gone() {
				a.opened <- nil
				continue
			}
			s, err := a.peer.Open(ctx, o)
			a.opened <- s
			return s, err
		case <-timer.C:
			return nil, &OpenError{Unreached: true, Refused: true, Reason: fmt.Sprintf("the device did not come within %v", in.wait())}
		case <-ctx.Done():
			return nil, &OpenError{Unreached: true, Reason: ctx.Err().Error()}
		case <-in.ended:
			return nil, &OpenError{Unreached: true, Reason: "no connections are taken any more"}
		}
	}
}

func (in *Incoming) wait() time.Duration {
	if in.Wait > 0 {
		return in.Wait
	}
	return in.options.recovery()
}
