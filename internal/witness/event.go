package witness

import (
	"context"
	"slices"
	"time"

	"wsprobe/internal/wire"
)

// Kind is what an [Event] tells of.
type Kind string

// The kinds of events.
const (
	Opened     Kind = "opened"    // an opening handshake is done: Device is set
	Refused    Kind = "refused"   // an opening handshake, or what came in its place, is answered otherwise: Refusal is set
	FrameSeen  Kind = "frame"     // Frame is set
	RuleBroken Kind = "violation" // Violation is set
	Closed     Kind = "closed"    // a WebSocket connection has ended: Closing is set
)

// An Event is something that was seen.
type Event struct {
	Kind    Kind
	Time    time.Time
	Address string // the device's, with port
	Missed  uint64 // events before this one that the subscriber was too slow for

	Device    *Device // without Violations and Frames
	Refusal   *Refusal
	Frame     *Frame
	Violation *Violation
	Closing   *Closing
}

// A Refusal is the status line of the server's answer.
type Refusal struct {
	Status int
	Reason string
}

// A Closing is how a WebSocket connection ended.
type Closing struct {
	Initiator string          // "device" or "server"
	Status    wire.StatusCode // of the first Close frame; 0 if there is none in it
	Missing   bool            // there was no Close frame
	After     time.Duration   // since the TCP connection was taken
}

// waiting is how many events wait for a subscriber.
const waiting = 1024

type subscriber struct {
	kinds  []Kind
	events chan Event
	missed uint64 // guarded by Witness.mu
}

// Subscribe returns what is seen from now on, only events of these kinds if any
// are given. 1024 of them wait for the subscriber; who is slower misses some, and
// is told with the next how many. The channel is closed when ctx ends, after what
// waits in it.
func (w *Witness) Subscribe(ctx context.Context, kinds ...Kind) <-chan Event {
	s := &subscriber{kinds: kinds, events: make(chan Event, waiting)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.subscribers = append(w.subscribers, s)
	w.listening.Store(int32(len(w.subscribers)))
	context.AfterFunc(ctx, func() { w.unsubscribe(s) })
	return s.events
}

func (w *Witness) unsubscribe(s *subscriber) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.subscribers = slices.DeleteFunc(w.subscribers, func(other *subscriber) bool { return other == s })
	w.listening.Store(int32(len(w.subscribers)))
	close(s.events)
}

// publish tells the subscribers of an event, which is made only if there are
// any. It waits for none of them.
func (w *watch) publish(kind Kind, make func() Event) {
	if w.witness.listening.Load() == 0 {
		return
	}
	w.witness.mu.Lock()
	defer w.witness.mu.Unlock()
	var event *Event
	for _, s := range w.witness.subscribers {
		if len(s.kinds) > 0 && !slices.Contains(s.kinds, kind) {
			continue
		}
		if event == nil {
			e := make()
			e.Kind, e.Time, e.Address = kind, w.now, w.address
			event = &e
		}
		event.Missed = s.missed
		select {
		case s.events <- *event:
			s.missed = 0
		default:
			s.missed++
			w.witness.metrics.missed.Inc()
		}
	}
}
