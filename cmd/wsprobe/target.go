package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"github.com/spf13/pflag"

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
	if err != nil {
		return target, usagef("%v", err)
	}
	return target, nil
}

// dialer returns what dials the target, where the profile says.
func (f *targetFlags) dialer(target runner.Target, has conformance.Profile) (*runner.Dialer, error) {
	config := &tls.Config{InsecureSkipVerify: f.insecure}
	if f.ca != "" {
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, usagef("--ca: %v", fileError(err))
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, usagef("--ca %s: no certificate in PEM", f.ca)
		}
	}
	if target.Path == "" {
		target.Path = has.Path
	}
	if target.Auth == "" {
		target.Auth = has.Auth
	}
	return &runner.Dialer{Target: target, Config: config, Subprotocol: has.Subprotocol}, nil
}
