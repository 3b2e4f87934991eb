package certificate_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/certificate"
)

// Clients that trust the CA alone come in by every name, and see the fingerprints
// that their firmware is given.
func TestClients(t *testing.T) {
	for _, isRSA := range []bool{false, true} {
		a := open(t, t.TempDir(), certificate.Options{RSA: isRSA})
		address := serve(t, a.TLSConfig())
		for _, name := range []string{"127.0.0.1", "localhost", a.Leaf().DNSNames[0]} {
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				state, err := dial(t, address, &tls.Config{RootCAs: trust(t, a.CAPEM()), ServerName: name, MaxVersion: version})
				if err != nil {
					t.Errorf("%s with %s: %v", name, tls.VersionName(version), err)
					continue
				}
				seen := state.PeerCertificates[0].Raw
				short, long := a.Fingerprints()
				if short != colons(sha1.Sum(seen)) || long != colons(sha256.Sum256(seen)) {
					t.Errorf("fingerprints %s and %s, and the client sees others", short, long)
				}
				if state.Version != version || state.NegotiatedProtocol != "" || len(state.PeerCertificates) != 1 {
					t.Errorf("%s, ALPN %q, %d certificates", tls.VersionName(state.Version), state.NegotiatedProtocol, len(state.PeerCertificates))
				}
			}
		}
	}
}

func TestWhatIsSpoken(t *testing.T) {
	dir := t.TempDir()
	a, old := open(t, dir, certificate.Options{}), open(t, dir, certificate.Options{RSA: true})
	address, oldAddress := serve(t, a.TLSConfig()), serve(t, old.TLSConfig())
	roots := trust(t, append(a.CAPEM(), old.CAPEM()...))
	axTLS := []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA}
	for what, c := range map[string]struct {
		address string
		client  *tls.Config
		want    string // "" for a connection
	}{
		"plain":                {address, &tls.Config{RootCAs: roots}, ""},
		"a stranger":           {address, &tls.Config{RootCAs: x509.NewCertPool()}, "certificate signed by unknown authority"},
		"another name":         {address, &tls.Config{RootCAs: roots, ServerName: "other"}, "not other"},
		"TLS 1.1":              {address, &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "protocol version not supported"},
		"h2 alone":             {address, &tls.Config{RootCAs: roots, NextProtos: []string{"h2"}}, "no application protocol"},
		"no forward secrecy":   {oldAddress, &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12, CipherSuites: axTLS}, ""},
		"the same, of ECDSA":   {address, &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12, CipherSuites: axTLS}, "handshake failure"},
		"RSA with everything":  {oldAddress, &tls.Config{RootCAs: roots}, ""},
		"RSA, forward secrecy": {oldAddress, &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}}, ""},
	} {
		if c.client.ServerName == "" {
			c.client.ServerName = "127.0.0.1"
		}
		_, err := dial(t, c.address, c.client)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	state, err := dial(t, address, &tls.Config{RootCAs: roots, ServerName: "localhost", NextProtos: []string{"h2", "http/1.1"}})
	if err != nil || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("ALPN %q, %v", state.NegotiatedProtocol, err)
	}
}

// What is written leaves at once, if a record can hold it: devices read no further
// than one.
func TestOneRecord(t *testing.T) {
	a := open(t, t.TempDir(), certificate.Options{})
	near, far := net.Pipe()
	defer near.Close()
	counted := &countedConn{Conn: far}
	server := tls.Server(counted, a.TLSConfig())
	handshakes := make(chan error, 1)
	go func() {
		client := tls.Client(near, &tls.Config{RootCAs: trust(t, a.CAPEM()), ServerName: "localhost"})
		handshakes <- client.Handshake()
		_, _ = io.Copy(io.Discard, client)
	}()
	if err := server.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-handshakes; err != nil {
		t.Fatal(err)
	}
	before := counted.writes
	for _, octets := range []int{1500, 16 << 10} {
		if _, err := server.Write(make([]byte, octets)); err != nil {
			t.Fatal(err)
		}
	}
	if got := counted.writes - before; got != 2 {
		t.Errorf("%d writes, want 2", got)
	}
}

type countedConn struct {
	net.Conn
	writes int
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.writes++
	return c.Conn.Write(p)
}

func TestLoad(t *testing.T) {
	a := open(t, t.TempDir(), certificate.Options{})
	certFile, keyFile := filepath.Join(a.Folder(), "host.pem"), filepath.Join(a.Folder(), "host.key")
	config, err := certificate.Load(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := trust(t, a.CAPEM())
	state, err := dial(t, serve(t, config), &tls.Config{RootCAs: roots, ServerName: "localhost", NextProtos: []string{"h2", "http/1.1"}})
	if err != nil || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("ALPN %q, %v", state.NegotiatedProtocol, err)
	}
	for _, files := range [][2]string{
		{certFile, filepath.Join(a.Folder(), "ca.key")}, {keyFile, certFile}, {certFile, "none.key"}, {"none.pem", keyFile},
	} {
		_, err := certificate.Load(files[0], files[1])
		want := fmt.Sprintf("certificate %s with key %s: ", files[0], files[1])
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

func TestRequireClient(t *testing.T) {
	devices := open(t, t.TempDir(), certificate.Options{})
	a := open(t, t.TempDir(), certificate.Options{})
	config := a.TLSConfig()
	if err := certificate.RequireClient(config, filepath.Join(devices.Folder(), "ca.pem")); err != nil {
		t.Fatal(err)
	}
	address := serve(t, config)
	for what, c := range map[string]struct {
		certificates []tls.Certificate
		want         string
	}{
		"none":             {nil, "certificate required"},
		"of the CA":        {clientOf(t, devices), ""},
		"of another":       {clientOf(t, a), "unknown certificate authority"},
		"one for a server": {pair(t, devices, "host"), "bad certificate"},
	} {
		client := &tls.Config{RootCAs: trust(t, a.CAPEM()), ServerName: "localhost", Certificates: c.certificates}
		_, err := dial(t, address, client)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	for _, file := range []string{filepath.Join(a.Folder(), "ca.key"), "none.pem"} {
		err := certificate.RequireClient(&tls.Config{}, file)
		if err == nil || !strings.HasPrefix(err.Error(), "CA of clients: ") || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// pair is a certificate of an authority and its key, as they are kept.
func pair(t *testing.T, a *certificate.Authority, name string) []tls.Certificate {
	t.Helper()
	path := filepath.Join(a.Folder(), name)
	c, err := tls.LoadX509KeyPair(path+".pem", path+".key")
	if err != nil {
		t.Fatal(err)
	}
	return []tls.Certificate{c}
}

// clientOf is a device's certificate from an authority.
func clientOf(t *testing.T, a *certificate.Authority) []tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	ca := pair(t, a, "ca")[0]
	der, err := x509.CreateCertificate(rand.Reader, template, ca.Leaf, key.Public(), ca.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
}

// serve echoes one octet a connection, on a port of this machine.
func serve(t *testing.T, config *tls.Config) (address string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.CopyN(conn, conn, 1)
			}()
		}
	}()
	return l.Addr().String()
}

// dial sends an octet and waits for its echo: of TLS 1.3, a client that was
// refused learns so only when it reads.
func dial(t *testing.T, address string, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, config)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("x")); err != nil {
		return tls.ConnectionState{}, err
	}
	_, err = io.ReadFull(conn, make([]byte, 1))
	return conn.ConnectionState(), err
}

func trust(t *testing.T, pem []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the CA is not in PEM")
	}
	return pool
}

// colons writes octets as setFingerprint of arduino-esp8266 reads them.
func colons[S [20]byte | [32]byte](sum S) string {
	var pairs []string
	for i := range len(sum) {
		pairs = append(pairs, strings.ToUpper(hex.EncodeToString([]byte{sum[i]})))
	}
	return strings.Join(pairs, ":")
}

// A pipe that nobody writes to is waited for nowhere.
func TestPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.pem")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no pipes with names here: ", err)
	}
	if _, err := certificate.Load(pipe, pipe); err == nil || !strings.Contains(err.Error(), "PEM") {
		t.Errorf("a certificate of nothing: %v", err)
	}
	if _, err := certificate.Pool(pipe); err == nil || !strings.Contains(err.Error(), "pipe.pem: no certificate in PEM") {
		t.Errorf("a CA of nothing: %v", err)
	}
}
