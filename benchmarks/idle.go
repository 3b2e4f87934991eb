package main

import (
	"context"
	"fmt"
	"net"
	"time"
)

// idling opens many connections to a server that is started for it, leaves them
// quiet, and returns how much memory each takes, in octets. At the end each has
// to answer a message still.
func (o options) idling(ctx context.Context, s server) (int, error) {
	p, err := s.start(ctx)
	if err != nil {
		return 0, err
	}
	defer p.stop()
	before, err := p.memory()
	if err != nil {
		return 0, err
	}
	open, err := openMany(p.address, o.idle)
	defer leaveAll(open)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	time.Sleep(o.settle)
	after, err := p.memory()
	if err != nil {
		return 0, err
	}
	if err := askAll(open); err != nil {
		return 0, fmt.Errorf("%s: of %d idle connections, one: %w", p.name, o.idle, err)
	}
	return (after - before) / o.idle, nil
}

func askAll(open []net.Conn) error {
	s := newScript(opText, 16)
	buffer := make([]byte, len(s.answer))
	for i, c := range open {
		_ = c.SetDeadline(time.Now().Add(hang))
		if err := s.ask(c, i, buffer); err != nil {
			return err
		}
	}
	return nil
}
