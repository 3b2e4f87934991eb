package certificate

import (
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
)

// TLSConfig is for a server that shows the host's certificate: TLS 1.2 and 1.3,
// and of ALPN http/1.1 alone, for an opening handshake of RFC 6455 is not for
// HTTP/2. It belongs in tls.NewListener, not in http.Server.ServeTLS, which would
// add h2. A certificate that comes to its end while the server runs is renewed.
func (a *Authority) TLSConfig() *tls.Config {
	config := serverConfig(a.hostKey.Public())
	config.Time = a.now
	config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.current(), nil }
	return config
}

// Load is as [Authority.TLSConfig], with a certificate (and those between it and
// its CA, if any) and a private key from PEM files of the user's own.
func Load(certFile, keyFile string) (*tls.Config, error) {
	certificate, err := pairOf(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("certificate %s with key %s: %w", certFile, keyFile, err)
	}
	config := serverConfig(certificate.Leaf.PublicKey)
	config.Certificates = []tls.Certificate{certificate}
	return config, nil
}

func pairOf(certFile, keyFile string) (tls.Certificate, error) {
	certificate, err := readFile(certFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := readFile(keyFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(certificate, key)
}

// RequireClient makes a server refuse whoever has no certificate of one of the
// CAs in a PEM file.
func RequireClient(config *tls.Config, caFile string) error {
	pool, err := Pool(caFile)
	if err != nil {
		return fmt.Errorf("CA of clients: %w", err)
	}
	config.ClientCAs, config.ClientAuth = pool, tls.RequireAndVerifyClientCert
	return nil
}

// Pool returns the CAs in a PEM file. It is an error if there are none.
func Pool(caFile string) (*x509.CertPool, error) {
	text, err := readFile(caFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: no certificate in PEM", caFile)
	}
	return pool, nil
}

func serverConfig(key crypto.PublicKey) *tls.Config {
	config := &tls.Config{
		MinVersion:                  tls.VersionTLS12,
		NextProtos:                  []string{"http/1.1"},
		DynamicRecordSizingDisabled: true, // else an answer leaves in several writes
	}
	if _, ok := key.(*rsa.PublicKey); ok {
		config.CipherSuites = suitesOfRSA()
	}
	return config
}

// suitesOfRSA are the ordinary suites and, for who has no better, those that
// axTLS (MicroPython on an ESP8266) and BearSSL's basic set (arduino-esp8266)
// are limited to: without forward secrecy, so that crypto/tls leaves them out.
func suitesOfRSA() (ids []uint16) {
	for _, suite := range tls.CipherSuites() {
		ids = append(ids, suite.ID)
	}
	return append(ids,
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_RSA_WITH_AES_256_CBC_SHA,
	)
}
