package engineio

import "context"

// await locks the session when what holds, or ctx or the session has ended,
// which is the error. It returns with the session locked in any case.
func (s *session) await(ctx context.Context, what func() bool) error {
	s.mu.Lock()
	for {
		switch {
		case s.ended:
			return errOver
		case what():
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		s.mu.Lock()
	}
}

// send queues packets for the client. It waits until there is room: who sends
// without reading is not read either.
func (s *session) send(ctx context.Context, packets ...string) error {
	for _, p := range packets {
		err := s.await(ctx, func() bool { return s.room(p) })
		if err == nil {
			s.put(p)
		}
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// room and put want the session locked.
func (s *session) room(packet string) bool {
	return len(s.queue) == 0 || s.queued+len(packet)+perPacket <= maxQueued
}

func (s *session) put(packet string) {
	s.queue = append(s.queue, packet)
	s.queued += len(packet) + perPacket
	close(s.changed)
	s.changed = make(chan struct{})
}

// putNow queues what does not wait for room: a session begins with it.
func (s *session) putNow(packets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range packets {
		s.put(p)
	}
}

// take empties the queue, of which there is something. It wants the session
// locked.
func (s *session) take() []string {
	packets := s.queue
	s.queue, s.queued = nil, 0
	close(s.changed)
	s.changed = make(chan struct{})
	return packets
}
