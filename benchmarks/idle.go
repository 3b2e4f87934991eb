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
	var open []net.Conn
	defer func() {
		for _, c := range open {
			leave(c)
		}
	}()
	if open, err = openMany(p.address, o.idle); err != nil {
		return 0, fmt.Errorf("%s: connection %d: %w", p.name, len(open)+1, err)
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

func openMany(address string, n int) (all []net.Conn, err error) {
	for range n {
		c, err := open(address)
		if err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
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
