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
	"time"
)

const (
	caFile      = "ca.pem"
	caKeyFile   = "ca.key"
	hostFile    = "host.pem"
	hostKeyFile = "host.key"
)

// What to do about what is wrong.
const (
	removeFolder = "remove the folder to have another CA made, and give that to the devices"
	removeHost   = "remove " + hostFile + " to have another made"
)

// create makes an authority in a folder beside its own, which then takes its
// place all at once: no process sees half of one, and of two that start together
// the first wins, for a folder is not moved over another.
func (a *Authority) create(k kind) error {
	dir := filepath.Dir(a.folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(dir, ".new-") // 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // nothing, once it has moved
	made := &Authority{folder: folder, now: a.now, subject: a.subject}
	if err := made.fill(k); err != nil {
		return err
	}
	if err := os.Rename(folder, a.folder); err != nil {
		if _, missing := os.Stat(a.folder); missing == nil {
			return nil // another process was faster
		}
		return err
	}
	return nil
}

// fill makes the keys and certificates and writes them to the folder.
func (a *Authority) fill(k kind) (err error) {
	for _, key := range []struct {
		file string
		to   *crypto.Signer
	}{{caKeyFile, &a.caKey}, {hostKeyFile, &a.hostKey}} {
		if *key.to, err = k.newKey(); err != nil {
			return err
		}
		der, err := x509.MarshalPKCS8PrivateKey(*key.to)
		if err != nil {
			return err
		}
		if err := a.write(key.file, keyBlock, der); err != nil {
			return err
		}
	}
	if a.ca, err = issueCA(k, a.subject.names[0], a.caKey, a.now()); err != nil {
		return err
	}
	if err := a.write(caFile, certificateBlock, a.ca.Raw); err != nil {
		return err
	}
	_, err = a.renewed()
	return err
}

// load reads the CA and the keys, and says what to do if they are not as they
// were made.
func (a *Authority) load() (err error) {
	if a.ca, err = a.readCertificate(caFile); err != nil {
		return advise(err, removeFolder)
	}
	if a.caKey, err = a.readKey(caKeyFile, a.ca.PublicKey); err != nil {
		return advise(err, removeFolder)
	}
	if a.hostKey, err = a.readKey(hostKeyFile, nil); err != nil {
		return advise(err, removeFolder)
	}
	switch now := a.now(); {
	case !a.ca.IsCA || a.ca.CheckSignatureFrom(a.ca) != nil:
		return fmt.Errorf("%s is no self-signed CA; %s", caFile, removeFolder)
	case now.After(a.ca.NotAfter):
		return fmt.Errorf("the CA was valid until %s; %s", a.ca.NotAfter.Format(time.DateOnly), removeFolder)
	case now.Before(a.ca.NotBefore):
		return fmt.Errorf("the CA is valid from %s and it is %s here; set the clock",
			a.ca.NotBefore.Format(time.DateOnly), now.Format(time.DateOnly))
	}
	return nil
}

// renewed returns the leaf that is kept, or a new one if there is none or its
// time has passed. It reads the file each time, for another process may have
// renewed it.
func (a *Authority) renewed() (*tls.Certificate, error) {
	leaf, err := a.readCertificate(hostFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		// Made below.
	case err != nil:
		return nil, advise(err, removeHost)
	case leaf.CheckSignatureFrom(a.ca) != nil || !same(leaf.PublicKey, a.hostKey.Public()):
		return nil, fmt.Errorf("%s is not of this CA and key; %s", hostFile, removeHost)
	}
	if err != nil || !a.timely(leaf) || !a.subject.in(leaf) {
		if leaf, err = a.issueLeaf(); err != nil {
			return nil, err
		}
		if err := a.write(hostFile, certificateBlock, leaf.Raw); err != nil {
			return nil, err
		}
	}
	// The CA is left out: who trusts it has it, and small devices count octets.
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: a.hostKey, Leaf: leaf}, nil
}
