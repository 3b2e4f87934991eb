package echo

import (
	"bytes"
	"context"
	"sync"

	"github.com/coder/websocket"
)

// A member of the broadcast has this many messages waiting for it at most, each
// of this many octets at most. One that reads too slowly loses messages; the
// others need not wait for it.
const (
	maxWaiting   = 16
	maxBroadcast = 64 << 10
)

// A said message is shared by all whom it is for.
type said struct {
	typ     websocket.MessageType
	message []byte
}

// A room is who is to get each message.
type room struct {
	mu      sync.Mutex
	members map[*peer]chan said
}

func (r *room) enter(p *peer) <-chan said {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil {
		r.members = map[*peer]chan said{}
	}
	waiting := make(chan said, maxWaiting)
	r.members[p] = waiting
	return waiting
}

func (r *room) leave(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, p)
}

// say gives a message to all and returns who has too many waiting to get it.
func (r *room) say(s said) (deaf []*peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for p, waiting := range r.members {
		select {
		case waiting <- s:
		default:
			deaf = append(deaf, p)
		}
	}
	return deaf
}

func broadcast(p *peer) error {
	p.maxMessage = min(p.maxMessage, maxBroadcast)
	waiting := p.room.enter(p)
	defer p.room.leave(p)
	return p.beside(sayEach, func(ctx context.Context) error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case s := <-waiting:
				if err := p.writeCopy(s.typ, s.message); err != nil {
					return err
				}
			}
		}
	})
}

func sayEach(p *peer) error {
	return p.answerEach(func(typ websocket.MessageType, message *buffer) error {
		for _, deaf := range p.room.say(said{typ, bytes.Clone(message.octets)}) {
			p.log.note("Lost a message to %s, which reads too slowly", deaf.address)
		}
		return nil
	})
}
