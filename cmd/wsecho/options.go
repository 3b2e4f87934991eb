package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"wsprobe/internal/certificate"
	"wsprobe/internal/echo"
	"wsprobe/internal/mdns"
)

// options are the flags of wsecho.
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
	tls                certificate.Source
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

func (o *options) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.listen, "listen", ":9001", "`address` to listen on, HOST:PORT or :PORT; port 0 chooses one")
	flags.StringVar(&o.reply, "reply", "", "what / answers to text, with %s for the text, instead of an echo")
	flags.StringVar(&o.standard, "default", "", "`behaviour` of /, such as 'slow?delay=2s'; see wsecho behaviours")
	flags.StringVar(&o.schedule, "schedule", "", "`behaviours` of / by the n-th connection of a device: '1-3:echo,4:reset,5-:echo'")
	o.maxMessage = echo.DefaultMaxMessage
	flags.Var(&o.maxMessage, "max-message", "longest message taken, in octets")
	flags.StringVar(&o.deflate, "deflate", "", "compress where a device offers permessage-deflate; with =no-takeover each message by itself")
	flags.Lookup("deflate").NoOptDefVal = string(echo.DeflateTakeover)
	flags.IntVar(&o.maxConnections, "max-connections", 1000, "`number` of connections that may be open, 0 without limit")
	flags.DurationVar(&o.handshake, "handshake", 10*time.Second, "how long an opening handshake may take")
	flags.DurationVar(&o.idle, "idle", 0, "close who sends nothing for this `time`, such as 5m; 0 never")
	flags.StringVar(&o.mdns, "mdns", "", "announce `NAME`.local and its service _ws._tcp on the network, by multicast DNS")
	o.tls.Bind(flags)
	o.watch.bind(flags)
	flags.StringVar(&o.admin, "admin", "", "`address` to serve the page, /metrics and /healthz on, instead of the one of --listen")
	flags.BoolVar(&o.quiet, "quiet", false, "do not show connections and messages")
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
	if err := o.tls.Check(); err != nil {
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
