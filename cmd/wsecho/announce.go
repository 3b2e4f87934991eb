package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"wsprobe/internal/mdns"
)

// names are those that a certificate is for besides this host's own.
func (o options) names() []string {
	if !o.announces {
		return nil
	}
	return []string{o.mdns + ".local"}
}

// announce announces the server until goodbye is called. It is not served under a
// name that another has.
func (o options) announce(ctx context.Context, at *net.TCPAddr) (goodbye func(), err error) {
	a, err := mdns.Announce(ctx, mdns.Options{Name: o.mdns, Port: at.Port, Address: at.IP, Secured: o.tls.On()})
	var taken *mdns.TakenError
	switch {
	case ctx.Err() != nil:
		return func() {}, nil // it is stopped before it has begun
	case errors.As(err, &taken):
		return nil, fmt.Errorf("cannot announce %s.local: %w; choose another name with --mdns", o.mdns, err)
	case err != nil:
		return nil, fmt.Errorf("cannot announce %s.local: %w", o.mdns, err)
	}
	return a.Close, nil
}
