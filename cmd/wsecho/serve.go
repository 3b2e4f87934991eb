package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"

	"wsprobe/internal/echo"
	"wsprobe/internal/witness"
)

// run serves until ctx ends.
func (o options) run(ctx context.Context, env env) error {
	serving := echo.Options{
		Reply: o.reply, Default: o.standard, Schedule: o.schedule, MaxMessage: int(o.maxMessage),
		MaxConnections: o.maxConnections, Handshake: o.handshake, Idle: o.idle,
		Deflate: echo.Deflate(o.deflate),
	}
	if err := o.check(serving); err != nil {
		return usageError{err}
	}
	if !o.quiet {
		shown := newLines(env.Stdout)
		defer shown.close()
		serving.Log = shown
	}
	ln, err := listen(ctx, "--listen", o.listen)
	if err != nil {
		return err
	}
	defer func() { _ = ln.Close() }()
	admin, err := o.listenAdmin(ctx)
	if err != nil {
		return err
	}
	defer admin.close()
	config, told, err := o.tls.Config(o.names()...)
	if err != nil {
		return usageError{err}
	}
	scheme := "ws"
	if config != nil {
		ln, scheme = tls.NewListener(ln, config), "wss"
	}
	where := urls(scheme, ln.Addr())
	if o.announces {
		goodbye, err := o.announce(ctx, ln.Addr().(*net.TCPAddr))
		if err != nil {
			return err
		}
		defer goodbye()
		where = append(where, named(scheme, o.mdns, ln.Addr()))
	}
	// Said only now that all that was asked for is there.
	o.watch.listening(env.Stderr, told, slices.Concat(where, admin.urls()))
	w := witness.New(witness.Options{Off: o.watch.off})
	if o.watch.strict {
		serving.Object = witness.Objection
	}
	about := shown(scheme, serving)
	defer o.watch.follow(w, env.Stderr)()
	if !admin.on() {
		serving.Pages = pages(w, about)
		return echo.Serve(ctx, w.Listen(ln), serving)
	}
	ctx, stop := context.WithCancel(ctx) // neither goes on without the other
	failed := make(chan error, 1)
	go func() {
		defer stop()
		failed <- admin.serve(ctx, pages(w, elsewhere(about, ln.Addr())), o.watch.said(env.Stderr))
	}()
	err = echo.Serve(ctx, w.Listen(ln), serving)
	stop()
	return cmp.Or(err, <-failed)
}

// listen listens on the address that a flag was given, and says what to do about
// what commonly goes wrong.
func listen(ctx context.Context, flag, address string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return nil, usageError{fmt.Errorf("%s %q: no such host as %q", flag, address, unknown.Name)}
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot listen on %s: the port is in use; stop the program that has it, or choose another with %s", address, flag)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("cannot listen on %s: this machine does not have that address; %s :PORT takes all it has", address, flag)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot listen on %s: not permitted; choose a port from 1024 with %s", address, flag)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return ln, nil
}
