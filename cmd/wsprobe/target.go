package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/spf13/pflag"

	"wsprobe/internal/certificate"
	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
)

// targetFlags say how a device that is a server is reached.
type targetFlags struct {
	url      string // the argument
	insecure bool
	ca       string
}

func (f *targetFlags) bind(flags *pflag.FlagSet) {
	flags.BoolVar(&f.insecure, "insecure", false, "wss: trust any certificate")
	flags.StringVar(&f.ca, "ca", "", "wss: `file` of the CA to trust, PEM")
}

func (f *targetFlags) parse() (runner.Target, error) {
	target, err := runner.ParseTarget(f.url)
	switch {
	case err != nil:
		return target, usagef("%v", err)
	case !target.TLS && (f.ca != "" || f.insecure):
		return target, usagef("--ca and --insecure are for TLS: give a wss:// URL")
	}
	return target, nil
}

// dialer returns what dials the target, where the profile says.
func (f *targetFlags) dialer(target runner.Target, has conformance.Profile) (*runner.Dialer, error) {
	config := &tls.Config{InsecureSkipVerify: f.insecure}
	if f.ca != "" {
		pool, err := certificate.Pool(f.ca)
		if err != nil {
			return nil, usagef("--ca: %v", fileError(err))
		}
		config.RootCAs = pool
	}
	if target.Path == "" {
		target.Path = has.Path
	}
	if target.Auth == "" {
		target.Auth = has.Auth
	}
	return &runner.Dialer{Target: target, Config: config, Subprotocol: has.Subprotocol}, nil
}

// incoming waits for a device that is a client.
func incoming(ctx context.Context, env env, address string, options runner.Options) (*runner.Incoming, func(), error) {
	on, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, usagef("%v; take another address, or port 0 for a free one", err)
	}
	in := runner.NewIncoming(on, options)
	in.Log = func(format string, args ...any) { fmt.Fprintf(env.Stderr, "wsprobe: "+format+"\n", args...) }
	serving, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); in.Serve(serving) }()
	fmt.Fprintf(env.Stderr, "wsprobe: waiting for the device at %v\n", on.Addr())
	return in, func() { cancel(); <-done }, nil
}
