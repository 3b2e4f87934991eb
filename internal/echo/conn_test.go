package echo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// Under TLS, FIN and RST are TCP's, at once.
func TestEndsUnderTLS(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{throwaway(t)}}), Options{})
	opened := func(path string) (net.Conn, *tls.Conn) {
		tcp, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tcp.Close() })
		_ = tcp.SetDeadline(time.Now().Add(hang))
		c := tls.Client(tcp, &tls.Config{InsecureSkipVerify: true})
		if _, err := c.Write([]byte(strings.Replace(handshake, "%s", path, 1))); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, len(switching))
		if _, err := io.ReadFull(c, answer); err != nil || string(answer) != switching {
			t.Fatalf("%q, %v", answer, err)
		}
		return tcp, c
	}
	tcp, c := opened("/drop?after=1ms")
	if n, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("%d octets, %v instead of the end", n, err)
	}
	if n, err := tcp.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("%d octets of TCP, %v instead of a FIN", n, err)
	}
	_, c = opened("/reset")
	if _, err := c.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "reset") {
		t.Errorf("%v instead of a reset", err)
	}
}

// A layered conn has a socket below, as one of TLS has.
type layered struct {
	halfConn
	below *socket
}

func (l layered) NetConn() net.Conn { return l.below }

type socket struct {
	net.Conn
	closed chan struct{}
}

func (s *socket) CloseWrite() error { close(s.closed); return nil }

// The FIN is not left to the time when the peer has closed too, though TLS's own
// CloseWrite does not send it.
func TestFINBelowTLS(t *testing.T) {
	var below *socket
	wrap := func(c net.Conn) net.Conn {
		below = &socket{c, make(chan struct{})}
		return layered{halfConn{c}, below}
	}
	onWrappedPipe(t, Options{}, wrap, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/drop", 1)))
		c.head()
		if got := took(func() { <-below.closed }); got != 0 {
			t.Errorf("FIN after %v", got)
		}
		_ = c.Close()
		time.Sleep(2 * lingering)
	})
}

// throwaway is a certificate for nobody.
func throwaway(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
