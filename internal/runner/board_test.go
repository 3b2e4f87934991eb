package runner

import (
	"bufio"
	"context"
	"maps"
	"net"
	"sync"
	"syscall"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// board is a device in memory that can go: it echoes until it is sent a text that
// fells it, and then refuses connections, and ends those that are open.
type board struct {
	fells func(text string, open int) bool // open is the number of its connections
	after time.Duration                    // until it goes
	away  time.Duration                    // until it is back; 0 for never
	mute  bool                             // it opens connections while it is away, and answers nothing

	drops  func(text string) bool // loses its other connections
	holds  func(text string) bool // answers nothing on its other connections any more
	single bool                   // a connection takes the place of the one before

	mu     sync.Mutex
	down   bool
	held   map[net.Conn]bool
	most   int // connections that were open at once
	conns  map[net.Conn]bool
	resets int
}

// peer dials the board.
func (b *board) peer() *Dialer {
	b.conns = map[net.Conn]bool{}
	return &Dialer{Target: Target{Host: "board", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.down && !b.mute {
			return nil, syscall.ECONNREFUSED
		}
		ours, theirs := net.Pipe()
		if b.single {
			b.lose(nil)
		}
		b.conns[theirs] = true
		b.most = max(b.most, len(b.conns))
		go b.serve(theirs)
		return ours, nil
	}}
}

func (b *board) serve(conn net.Conn) {
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		conn.Close()
		delete(b.conns, conn)
	}()
	request, err := handshake.ReadRequest(bufio.NewReader(conn), 1<<16)
	if err != nil {
		return
	}
	conn.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
	frames(conn, func(h wire.Header, p []byte) bool {
		if h.Opcode == wire.Text {
			time.Sleep(100 * time.Millisecond) // whatever is played at once is there by then
		}
		b.mu.Lock()
		if h.Opcode == wire.Text && b.fells(string(p), len(b.conns)) {
			if b.after > 0 {
				time.AfterFunc(b.after, func() { b.mu.Lock(); b.fall(); b.mu.Unlock() })
			} else {
				b.fall()
			}
		}
		if h.Opcode == wire.Text && b.drops != nil && b.drops(string(p)) {
			b.lose(conn)
		}
		if h.Opcode == wire.Text && b.holds != nil && b.holds(string(p)) {
			b.held = maps.Clone(b.conns)
			delete(b.held, conn)
		}
		down := b.down || b.held[conn]
		b.mu.Unlock()
		if h.Opcode == wire.Text && !down {
			say(conn, wire.Text, string(p))
		}
		return closes(conn, h, p)
	})
}

// fall ends all connections; mu is held.
func (b *board) fall() {
	b.down = true
	if !b.mute {
		b.lose(nil)
	}
	if b.away > 0 {
		time.AfterFunc(b.away, b.rise)
	}
}

// lose ends all connections but one; mu is held.
func (b *board) lose(but net.Conn) {
	for conn := range b.conns {
		if conn != but {
			conn.Close()
			delete(b.conns, conn)
		}
	}
}

func (b *board) rise() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = false
}

// reset is a reset button.
func (b *board) reset(context.Context, Trouble) {
	b.resets++
	b.rise()
}
