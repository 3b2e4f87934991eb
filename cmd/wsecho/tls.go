package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"wsprobe/internal/certificate"
)

// tlsOptions say what certificate is shown, if any, and to whom.
type tlsOptions struct {
	made, rsa bool
	cert, key string // files of the user's own
	clientCA  string
}

func (o *tlsOptions) bind(flags *pflag.FlagSet) {
	flags.BoolVar(&o.made, "tls", false, "serve wss with a certificate made for this host and kept")
	flags.BoolVar(&o.rsa, "tls-rsa", false, "as --tls, with RSA for stacks too old for ECDSA")
	flags.StringVar(&o.cert, "tls-cert", "", "serve wss: `file` of the certificate, PEM")
	flags.StringVar(&o.key, "tls-key", "", "serve wss: `file` of its key, PEM")
	flags.StringVar(&o.clientCA, "client-ca", "", "refuse who has no certificate of a CA in this `file`, PEM")
}

func (o tlsOptions) on() bool { return o.made || o.rsa || o.cert != "" }

func (o tlsOptions) check() error {
	switch {
	case (o.cert == "") != (o.key == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case o.made && o.rsa:
		return errors.New("--tls makes a certificate with ECDSA, --tls-rsa one with RSA: take one of them")
	case (o.made || o.rsa) && o.cert != "":
		return errors.New("--tls makes a certificate, --tls-cert brings one: take one of them")
	case o.clientCA != "" && !o.on():
		return errors.New("--client-ca is for TLS: give --tls or --tls-cert too")
	}
	return nil
}

// config is what TLS is served with, nil for none. A certificate made here is for
// these names, too, and told is what firmware needs to know of it, in lines.
func (o tlsOptions) config(names ...string) (config *tls.Config, told string, err error) {
	switch {
	case !o.on():
		return nil, "", nil
	case o.cert != "":
		config, err = certificate.Load(o.cert, o.key)
	default:
		config, told, err = o.make(names)
	}
	if err == nil && o.clientCA != "" {
		err = certificate.RequireClient(config, o.clientCA)
	}
	return config, told, err
}

func (o tlsOptions) make(names []string) (config *tls.Config, told string, err error) {
	authority, err := certificate.Open("", certificate.Options{RSA: o.rsa, Names: names})
	if err != nil {
		return nil, "", err
	}
	short, long := authority.Fingerprints()
	told = fmt.Sprintf("wsecho: certificate, SHA-1   %s\nwsecho: certificate, SHA-256 %s\n", short, long) +
		fmt.Sprintf("wsecho: its CA is %s; wsecho cert show%s --c prints it for a sketch\n",
			filepath.Join(authority.Folder(), "ca.pem"), map[bool]string{true: " --rsa"}[o.rsa])
	return authority.TLSConfig(), told, nil
}
