package certificate

import (
	"crypto/tls"
	"errors"
	"path/filepath"
)

// Source is where the certificate of a server comes from, as flags say. The zero
// value is nowhere: no TLS.
type Source struct {
	Made, RSA         bool   // for this host, with ECDSA or RSA, and kept
	CertFile, KeyFile string // of the user's own, PEM
	ClientCA          string // file, PEM: who has no certificate of a CA in it is refused; "" takes all
}

// Flags is a set of flags, such as package flag has.
type Flags interface {
	BoolVar(p *bool, name string, value bool, usage string)
	StringVar(p *string, name string, value string, usage string)
}

// Bind makes flags of it.
func (s *Source) Bind(flags Flags) {
	flags.BoolVar(&s.Made, "tls", false, "serve wss with a certificate made for this host and kept")
	flags.BoolVar(&s.RSA, "tls-rsa", false, "as --tls, with RSA for stacks too old for ECDSA")
	flags.StringVar(&s.CertFile, "tls-cert", "", "serve wss: `file` of the certificate, PEM")
	flags.StringVar(&s.KeyFile, "tls-key", "", "serve wss: `file` of its key, PEM")
	flags.StringVar(&s.ClientCA, "client-ca", "", "refuse who has no certificate of a CA in this `file`, PEM")
}

// On reports whether there is TLS.
func (s Source) On() bool { return s.Made || s.RSA || s.CertFile != "" }

// Check tells in one line which of the flags do not go together.
func (s Source) Check() error {
	switch {
	case (s.CertFile == "") != (s.KeyFile == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case s.Made && s.RSA:
		return errors.New("--tls makes a certificate with ECDSA, --tls-rsa one with RSA: take one of them")
	case (s.Made || s.RSA) && s.CertFile != "":
		return errors.New("--tls makes a certificate, --tls-cert brings one: take one of them")
	case s.ClientCA != "" && !s.On():
		return errors.New("--client-ca is for TLS: give --tls or --tls-cert too")
	}
	return nil
}

// Config returns what TLS is served with, nil for none. A certificate made here is
// for these names, too, and told is what firmware needs to know of it, in lines.
func (s Source) Config(names ...string) (config *tls.Config, told []string, err error) {
	switch {
	case !s.On():
		return nil, nil, nil
	case s.CertFile != "":
		config, err = Load(s.CertFile, s.KeyFile)
	default:
		config, told, err = s.made(names)
	}
	if err == nil && s.ClientCA != "" {
		err = RequireClient(config, s.ClientCA)
	}
	return config, told, err
}

func (s Source) made(names []string) (config *tls.Config, told []string, err error) {
	authority, err := Open("", Options{RSA: s.RSA, Names: names})
	if err != nil {
		return nil, nil, err
	}
	sha1, sha256 := authority.Fingerprints()
	show := "wsecho cert show --c"
	if s.RSA {
		show = "wsecho cert show --rsa --c"
	}
	return authority.TLSConfig(), []string{
		"certificate, SHA-1   " + sha1,
		"certificate, SHA-256 " + sha256,
		"its CA is " + filepath.Join(authority.Folder(), "ca.pem") + "; " + show + " prints it for a sketch",
	}, nil
}
