package certificate

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say what an authority is for. The zero value is right for this host
// and for devices of today.
type Options struct {
	// Names are further names and addresses that devices reach this host by.
	Names []string
	// RSA is for stacks too old for ECDSA P-256: keys of 2048 bits, and cipher
	// suites without forward secrecy for those that have no other. Such an
	// authority is kept beside the ordinary one.
	RSA bool
	// Host is whom the certificate is for; the zero value is for [ThisHost].
	Host Host
	// Now is the clock; nil is for time.Now.
	Now func() time.Time
}

// An Authority is a CA and the certificate that it gave this host. It is safe
// for concurrent use.
type Authority struct {
	folder  string
	now     func() time.Time
	subject subject

	ca             *x509.Certificate
	caKey, hostKey crypto.Signer

	mu   sync.Mutex
	leaf *tls.Certificate // the host's; replaced, never changed
}

// Open reads the authority that is kept in a folder of dir, and makes it if it is
// not there yet; "" is for [Folder]. A certificate that ends within 30 days, or
// lacks a name or an address that the host has now, is replaced by a new one of
// the same CA and key. Processes may open the same authority at the same time.
//
// An error is one line that says what to do: of files that are damaged, foreign
// or out of date, of names that are none, or of the file system.
func Open(dir string, o Options) (*Authority, error) {
	a, err := prepare(dir, o)
	if err != nil {
		return nil, err
	}
	if err := a.open(kindOf(o.RSA)); err != nil {
		return nil, fmt.Errorf("certificates in %s: %w", a.folder, err)
	}
	return a, nil
}

// prepare fills in what the options leave open.
func prepare(dir string, o Options) (*Authority, error) {
	if dir == "" {
		var err error
		if dir, err = Folder(); err != nil {
			return nil, err
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Host.Name == "" && o.Host.Addresses == nil {
		o.Host = ThisHost()
	}
	subject, err := subjectOf(o.Host, o.Names)
	if err != nil {
		return nil, err
	}
	return &Authority{folder: filepath.Join(dir, string(kindOf(o.RSA))), now: o.Now, subject: subject}, nil
}

func (a *Authority) open(k kind) error {
	if _, err := os.Stat(a.folder); errors.Is(err, fs.ErrNotExist) {
		if err := a.create(k); err != nil {
			return err
		}
	}
	// What was just made is read too: another process may have been faster.
	if err := a.load(); err != nil {
		return err
	}
	leaf, err := a.renewed()
	a.leaf = leaf
	return err
}

// Folder is where authorities are kept unless another folder is given: wsprobe
// in the user's folder for configuration. The error is that there is none, as for
// a service without a home.
func Folder() (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep certificates in, give one: %w", err)
	}
	return filepath.Join(config, "wsprobe"), nil
}

// Folder is where this authority is kept.
func (a *Authority) Folder() string { return a.folder }

// CA is the certificate that devices are given to trust.
func (a *Authority) CA() *x509.Certificate { return a.ca }

// Leaf is the certificate that the host shows now.
func (a *Authority) Leaf() *x509.Certificate { return a.current().Leaf }

// current is the leaf to show, a new one if its time has come: a bench's server
// runs for years. New addresses wait until the authority is opened again, for
// they come and go with every virtual network, and each new leaf shuts out the
// firmware that pinned the fingerprint of the last.
func (a *Authority) current() *tls.Certificate {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.timely(a.leaf.Leaf) {
		// On an error the old one serves as long as it can.
		if leaf, err := a.renewed(); err == nil {
			a.leaf = leaf
		}
	}
	return a.leaf
}
