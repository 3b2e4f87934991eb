package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"syscall"
	"time"

	"wsprobe/internal/echo"
	"wsprobe/internal/mdns"
	"wsprobe/internal/witness"
)

type options struct {
	listen     string
	reply      string
	echoes     bool // no reply was asked for
	maxMessage octets
	deflate    string
	quiet      bool
	admin      string
	watch      watchOptions

	standard, schedule string
	maxConnections     int
	handshake, idle    time.Duration
	tls                tlsOptions
	mdns               string
	announces          bool // a name was asked for
}

// octets is a flag's number of octets, 1 at least.
type octets int

func (o *octets) String() string { return strconv.Itoa(int(*o)) }
func (o *octets) Type() string   { return "octets" }

func (o *octets) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return errors.New("not a number from 1")
	}
	*o = octets(n)
	return nil
}

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
	config, told, err := o.tls.config(o.names()...)
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
	fmt.Fprint(env.Stderr, told, "wsecho: listening, stop with Ctrl-C\n")
	for _, url := range slices.Concat(where, admin.urls()) {
		fmt.Fprintln(env.Stderr, "  "+url)
	}
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
		failed <- admin.serve(ctx, pages(w, elsewhere(about, ln.Addr())), env.Stderr)
	}()
	err = echo.Serve(ctx, w.Listen(ln), serving)
	stop()
	return cmp.Or(err, <-failed)
}

func (o options) check(serving echo.Options) error {
	if !o.echoes && o.standard != "" {
		return errors.New("--reply and --default are both given: take one, or --default 'reply?format=…'")
	}
	if o.reply == "" && !o.echoes {
		return errors.New(`--reply "": needs "%s" exactly once, where the text goes`)
	}
	switch {
	case o.maxConnections < 0:
		return fmt.Errorf("--max-connections %d: not a number from 0", o.maxConnections)
	case o.handshake <= 0:
		return fmt.Errorf("--handshake %v: not a time above 0, such as 10s", o.handshake)
	case o.idle < 0:
		return fmt.Errorf("--idle %v: not a time such as 5m, or 0 for never", o.idle)
	}
	if err := o.tls.check(); err != nil {
		return err
	}
	if err := serving.Check(); err != nil {
		return fmt.Errorf("--%w", err)
	}
	if err := o.watch.check(); err != nil {
		return err
	}
	if o.announces {
		if err := mdns.Check(o.mdns); err != nil {
			return fmt.Errorf("--mdns %w", err)
		}
	}
	if o.admin != "" {
		if err := checkAddress("--admin", o.admin); err != nil {
			return err
		}
	}
	return checkAddress("--listen", o.listen)
}

func checkAddress(flag, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%s %q: not HOST:PORT or :PORT", flag, address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%s %q: port %q is not a number from 0 to 65535", flag, address, port)
	}
	return nil
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
