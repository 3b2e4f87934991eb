package runner

import "sync"

// eventCost is what an event counts for besides its payload, in octets.
const eventCost = 128

// inbox holds what the device has said until the player asks. It takes at most
// limit octets, one event always: a device that says more has to wait.
type inbox struct {
	mu     sync.Mutex
	events []event
	octets int
	limit  int
	more   chan struct{} // an event has come
	room   chan struct{} // an event was taken
}

func newInbox(limit int) *inbox {
	return &inbox{limit: limit, more: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// put adds an event; it waits for room, and gives up when done is closed.
func (b *inbox) put(e event, done <-chan struct{}) bool {
	cost := len(e.payload) + eventCost
	for {
		b.mu.Lock()
		if len(b.events) == 0 || b.octets+cost <= b.limit {
			b.events = append(b.events, e)
			b.octets += cost
			b.mu.Unlock()
			signal(b.more)
			return true
		}
		b.mu.Unlock()
		select {
		case <-b.room:
		case <-done:
			return false
		}
	}
}

// take removes the oldest event, if there is one.
func (b *inbox) take() (event, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.events) == 0 {
		return event{}, false
	}
	e := b.events[0]
	b.events[0] = event{} // lets go of the payload
	b.events = b.events[1:]
	b.octets -= len(e.payload) + eventCost
	signal(b.room)
	return e, true
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
