package certificate

import (
	"cmp"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	certificateBlock = "CERTIFICATE" // of PEM, RFC 7468 §5 and §10
	keyBlock         = "PRIVATE KEY"

	maxFile = 1 << 20 // octets; all CAs that a system trusts are a quarter of that
)

// write puts a PEM file in the folder, readable to the user alone. Whoever reads
// meanwhile gets the old one or the new one, whole.
func (a *Authority) write(name, block string, der []byte) error {
	file, err := os.CreateTemp(a.folder, "."+name+"-") // 0600
	if err != nil {
		return err
	}
	_, err = file.Write(pem.EncodeToMemory(&pem.Block{Type: block, Bytes: der}))
	if err = cmp.Or(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), filepath.Join(a.folder, name))
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error that counts is the first
	}
	return err
}

func (a *Authority) readCertificate(name string) (*x509.Certificate, error) {
	der, err := a.read(name, certificateBlock)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return certificate, nil
}

// readKey reads a private key, which has to be that of the public one unless
// this is nil.
func (a *Authority) readKey(name string, public crypto.PublicKey) (crypto.Signer, error) {
	der, err := a.read(name, keyBlock)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok || public != nil && !same(key.Public(), public) {
		return nil, fmt.Errorf("%s is not the key of %s", name, caFile)
	}
	return key, nil
}

// read returns the first block of a PEM file, which has to be of a type.
func (a *Authority) read(name, block string) ([]byte, error) {
	text, err := readFile(filepath.Join(a.folder, name))
	if err != nil {
		return nil, err
	}
	found, _ := pem.Decode(text)
	if found == nil || found.Type != block {
		return nil, fmt.Errorf("%s: no %s in PEM", name, block)
	}
	return found.Bytes, nil
}

// readFile reads a file. A pipe that nobody writes to is empty: nothing waits
// for a writer.
func readFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s: more than %d octets", filepath.Base(path), maxFile)
	}
	return text, err
}

// same reports whether two public keys are one.
func same(a, b crypto.PublicKey) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}

// advise says what to do about a file, unless it only could not be read: that is
// no reason to remove anything.
func advise(err error, what string) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &path):
		return fmt.Errorf("%s is missing; %s", filepath.Base(path.Path), what)
	case errors.As(err, &path):
		return err
	}
	return fmt.Errorf("%w; %s", err, what)
}
