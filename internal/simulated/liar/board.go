package liar

import (
	"context"
	"net"
	"sync"
	"time"
)

// Bounds of a board.
const (
	boardSlots = 4                      // connections that it serves at once
	reboot     = 500 * time.Millisecond // that it is away after a crash
	fullHeap   = 40000                  // octets of memory that it has
)

// Board is a device with one bug: what its connections have in common, and what
// a crash of one does to all.
type Board struct {
	peer func(conn net.Conn, b *Board, connection int) *peer

	mu      sync.Mutex
	conns   map[net.Conn]bool
	slots   chan struct{}
	stop    chan struct{} // closed when the board resets
	away    time.Time     // until when nobody listens
	falls   int
	started int    // connections, ever
	inside  int    // connections that are open
	earlier []byte // what a buffer still holds of a message
	heap    int    // octets that are free
	delay   time.Duration
	busy    chan struct{} // holds a token while a connection holds up the others
}

func newBoard(play func(net.Conn, *Board, int) *peer) *Board {
	b := &Board{peer: play, busy: make(chan struct{}, 1)}
	b.boot()
	return b
}

// boot makes everything new; mu is held, or nobody knows b.
func (b *Board) boot() {
	b.conns, b.slots, b.stop = map[net.Conn]bool{}, make(chan struct{}, boardSlots), make(chan struct{})
	b.earlier, b.heap, b.delay, b.inside = nil, fullHeap, 0, 0
}

// Play serves one connection, or plays one that was opened for the board. It
// returns when the connection is over, or the board has reset.
func (b *Board) Play(conn net.Conn) {
	b.mu.Lock()
	b.conns[conn] = true
	slots, stop, delay := b.slots, b.stop, b.delay
	connection := b.started
	b.started++
	b.mu.Unlock()
	select {
	case slots <- struct{}{}:
	case <-stop:
		return
	}
	time.Sleep(delay)
	p := b.peer(conn, b, connection)
	p.play()
	b.mu.Lock()
	delete(b.conns, conn)
	b.mu.Unlock()
	if !p.lost {
		<-slots
	}
}

// Serve serves whoever connects to ln until ctx ends. Who comes while the board
// starts is turned away.
func (b *Board) Serve(ctx context.Context, ln net.Listener) {
	var playing sync.WaitGroup
	defer playing.Wait()
	defer b.Reset()
	context.AfterFunc(ctx, func() { ln.Close() })
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		playing.Go(func() {
			defer conn.Close()
			if !b.Away() {
				b.Play(conn)
			}
		})
	}
}

// Away reports whether nobody listens: the board starts.
func (b *Board) Away() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Before(b.away)
}

// Heap returns how many octets of memory are free.
func (b *Board) Heap() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.heap
}

// Falls returns how often the board has crashed.
func (b *Board) Falls() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.falls
}

// Reset is the button: every connection ends, and all is as it was at first.
func (b *Board) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reset()
}

// reset ends every connection and boots; mu is held.
func (b *Board) reset() {
	close(b.stop)
	for conn := range b.conns {
		conn.Close()
	}
	b.boot()
}

// crash is a reset that nobody wanted, after which the board has to start. It is
// away before anybody can see that its connections end.
func (b *Board) crash() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.falls++
	b.away = time.Now().Add(reboot)
	b.reset()
}

// hang does nothing until the board resets.
func (b *Board) hang() {
	b.mu.Lock()
	stop := b.stop
	b.mu.Unlock()
	<-stop
}

// leak takes octets of memory that never come back.
func (b *Board) leak(octets int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heap -= octets
}

// swap puts octets into the buffer that all messages share, and returns what was
// in it.
func (b *Board) swap(octets []byte) (earlier []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	earlier, b.earlier = b.earlier, append([]byte(nil), octets...)
	return earlier
}

// held returns what is in that buffer.
func (b *Board) held() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]byte(nil), b.earlier...)
}

// enter counts a connection in, or out, and returns how many there are.
func (b *Board) enter(n int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inside = max(b.inside+n, 0)
	return b.inside
}

// slower makes every opening handshake to come take longer.
func (b *Board) slower(by time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.delay += by
}
