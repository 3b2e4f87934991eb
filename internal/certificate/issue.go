package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"time"
)

const (
	caYears  = 10
	day      = 24 * time.Hour
	leafLife = 825 * day // more is refused by Apple's systems, even of a CA of one's own
	margin   = 30 * day  // before its end a leaf is replaced
	slack    = day       // a certificate is valid before it was made, for clocks that are behind
)

// A kind is of keys, and names the folder that they are kept in.
type kind string

func kindOf(rsa bool) kind {
	if rsa {
		return "rsa"
	}
	return "ecdsa"
}

func (k kind) newKey() (crypto.Signer, error) {
	if k == "rsa" {
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// issueCA makes the CA's own certificate. Its name tells it from that of other
// hosts and of the other kind: small stacks find a CA by its name alone.
func issueCA(k kind, host string, key crypto.Signer, now time.Time) (*x509.Certificate, error) {
	template := &x509.Certificate{
		Subject:               commonName("wsprobe " + string(k) + " CA of " + host),
		NotBefore:             now.Add(-slack),
		NotAfter:              now.AddDate(caYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	return sign(template, template, key.Public(), key)
}

// issueLeaf makes a certificate for the host.
func (a *Authority) issueLeaf() (*x509.Certificate, error) {
	from := a.now().Add(-slack)
	template := &x509.Certificate{
		Subject:               commonName(a.subject.names[0]),
		NotBefore:             from,
		NotAfter:              from.Add(leafLife - time.Second), // both ends count, RFC 5280 §4.1.2.5
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              a.subject.dnsNames(),
		IPAddresses:           a.subject.ips(),
	}
	if template.NotAfter.After(a.ca.NotAfter) {
		template.NotAfter = a.ca.NotAfter
	}
	if _, ok := a.hostKey.Public().(*rsa.PublicKey); ok {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // for suites without Diffie-Hellman, RFC 5246 §7.4.2
	}
	return sign(template, a.ca, a.hostKey.Public(), a.caKey)
}

// timely reports whether a leaf is valid, and for a while to come if its CA is.
func (a *Authority) timely(leaf *x509.Certificate) bool {
	now := a.now()
	last := !leaf.NotAfter.Before(a.ca.NotAfter)
	return !now.Before(leaf.NotBefore) && (last || now.Before(leaf.NotAfter.Add(-margin)))
}

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// commonName is a subject of one name, cut to the 64 octets that RFC 5280
// appendix A.1 allows.
func commonName(name string) pkix.Name {
	return pkix.Name{CommonName: name[:min(len(name), 64)]}
}
