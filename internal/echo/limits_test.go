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
	"testing/synctest"
	"time"
)

// A peer that never reads holds its answer for a minute, and no longer.
func TestAnswerNobodyReads(t *testing.T) {
	for _, path := range []string{"/", "/fragment?size=100", "/drip?octets=4096", "/big", "/push?every=10ms", "/flood", "/broadcast"} {
		onPath(t, path, func(t *testing.T, c *client) {
			go c.Write(frame(finText, strings.Repeat("*", 1000)))
			time.Sleep(unread + 2*patience + lingering)
			synctest.Wait()
			if _, err := c.Write(frame(finText, "x")); err == nil {
				t.Errorf("%s: the connection is still open", path)
			}
		})
	}
}

// Nor does it hold up the end of the connection.
func TestFaultWhileNobodyReads(t *testing.T) {
	onPath(t, "/push?every=10ms", func(t *testing.T, c *client) {
		time.Sleep(time.Second)
		c.send(frame(0x83, "x"))
		time.Sleep(5*time.Second + 2*patience + lingering) // the library waits five to say why
		synctest.Wait()
		if _, err := c.Write([]byte{0}); err == nil {
			t.Error("the connection is still open")
		}
	})
}

// One that reads slowly, but reads, gets all of it.
func TestAnswerReadSlowly(t *testing.T) {
	onPath(t, "/", func(t *testing.T, c *client) {
		const size, step = 4 * atOnce, 16 << 10
		message := strings.Repeat("*", size)
		go c.Write(frame(finBinary, message))
		c.wantOctets("\x82\x7f\x00\x00\x00\x00\x00\x10\x00\x00")
		got := took(func() {
			for range size / step {
				c.wantOctets(message[:step])
				time.Sleep(3 * time.Second)
			}
		})
		if got < 3*unread {
			t.Errorf("read in %v: too fast to prove anything", got)
		}
		c.send(frame(finBinary, "x"))
		c.want(finBinary, "x")
	})
}

// What limits a write does not limit the quiet after it.
func TestAnswerAfterQuiet(t *testing.T) {
	onPath(t, "/", func(t *testing.T, c *client) {
		for _, quiet := range []time.Duration{0, little - 1, little, unread, time.Hour} {
			time.Sleep(quiet)
			c.send(frame(finText, "x"))
			c.want(finText, "x")
		}
	})
}

// A timedConn notes when its writing is to end.
type timedConn struct {
	net.Conn
	end *time.Time
}

func (c timedConn) SetWriteDeadline(end time.Time) error {
	*c.end = end
	return c.Conn.SetWriteDeadline(end)
}

// TLS answers a key update while it reads, so no limit may be left from a write.
func TestTLSMayAnswerAfterQuiet(t *testing.T) {
	certificate := throwaway(t)
	var end time.Time
	wrap := func(c net.Conn) net.Conn {
		return tls.Server(timedConn{c, &end}, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	onWrappedPipe(t, Options{}, wrap, func(t *testing.T, c *client, _ func() error) {
		c.Conn = tls.Client(c.Conn, &tls.Config{InsecureSkipVerify: true})
		c.in.Reset(c.Conn)
		c.send([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		c.send(frame(finText, "x"))
		c.want(finText, "x")
		synctest.Wait()
		if !end.IsZero() {
			t.Errorf("no write may end after %v", end)
		}
		go c.Close()
		time.Sleep(2 * lingering)
	})
}

func TestIdle(t *testing.T) {
	onWrappedPipe(t, Options{Idle: time.Minute}, half, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/", 1)))
		c.head()
		for range 3 {
			time.Sleep(50 * time.Second)
			c.send(frame(ping, "x"))
			c.want(pong, "x")
		}
		if got := took(func() { c.want(closing, "\x03\xe9nothing came for 1m") }); got != time.Minute {
			t.Errorf("closed after %v", got)
		}
		time.Sleep(2 * lingering)
		if _, err := c.Write([]byte{0}); err == nil {
			t.Error("the connection is still open")
		}
	})
}

func TestHandshakeTime(t *testing.T) {
	onWrappedPipe(t, Options{Handshake: 3 * time.Second}, half, func(t *testing.T, c *client, _ func() error) {
		c.send([]byte("GET / HTTP/1.1\r\n"))
		if got := took(func() { _, _ = io.ReadAll(c.in) }); got != 3*time.Second {
			t.Errorf("dropped after %v", got)
		}
	})
}

// Who comes when all places are taken is refused; who has one is served, and a
// place that gets free is given away.
func TestMaxConnections(t *testing.T) {
	const most, more = 20, 300
	var log writeLog
	address := serve(t, Options{MaxConnections: most, Log: &log})
	var served []*client
	for range most {
		served = append(served, open(t, address, "/"))
	}
	for range more {
		c := dial(t, address)
		// The refusal, or a reset that was faster.
		if answer, _ := io.ReadAll(c.in); len(answer) > 0 && string(answer) != refusal {
			t.Fatalf("got %q", answer)
		}
		_ = c.Close()
	}
	for _, c := range served {
		c.send(frame(finText, "x"))
		c.want(finText, "x")
	}
	if n := strings.Count(strings.Join(log.all(), ""), "Refused connections, as 20 are open\n"); n != 1 {
		t.Errorf("%d lines tell of the limit", n)
	}
	for _, c := range served[:most/2] {
		c.send(frame(closing, "\x03\xe8"))
		c.want(closing, "\x03\xe8")
		c.wantEnd()
		_ = c.Close()
	}
	_ = dial(t, address).Close() // neither with a request nor with a place
	for taken, end := 0, time.Now().Add(hang); taken < most/2; {
		c, err := net.Dial("tcp", address)
		if err != nil || time.Now().After(end) {
			t.Fatalf("%d places were given away, %v", taken, err)
		}
		if _, err := c.Write([]byte(strings.Replace(handshake, "%s", "/", 1))); err != nil {
			_ = c.Close()
			continue
		}
		answer := make([]byte, len(switching))
		if _, err := io.ReadFull(c, answer); err != nil || string(answer) != switching {
			_ = c.Close()
			continue // the end of one of those closed is not seen yet
		}
		defer c.Close()
		taken++
	}
}

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

// A pong waits for a message that is under way, however slowly that is read.
func TestPongWhileReadSlowly(t *testing.T) {
	onPath(t, "/push?every=1s&size=65536", func(t *testing.T, c *client) {
		c.wantOctets("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + "1")
		c.send(frame(ping, "x"))
		time.Sleep(unread / 2)
		c.wantOctets(strings.Repeat("*", 65535))
		c.want(pong, "x")
	})
}

// Nobody waits for a pong who has a Close frame, but for the Close frame of the
// other side.
func TestPingAfterClose(t *testing.T) {
	onPath(t, "/close", func(t *testing.T, c *client) {
		c.want(closing, "\x03\xe8")
		c.send(frame(ping, "x"))
		if got := took(c.wantEnd); got != patience+lingering {
			t.Errorf("the end after %v, want %v", got, patience+lingering)
		}
	})
}

// A control frame may take its time, as any other may, and what came before it
// does not wait for it.
func TestSlowControlFrame(t *testing.T) {
	for _, test := range []struct {
		sent  string
		first byte
	}{{"\x89", pong}, {"\x88", closing}} {
		onPath(t, "/", func(t *testing.T, c *client) {
			before, slow := frame(finText, "hi"), frame(test.sent[0], "\x03\xe8 bye")
			c.send(append(before, slow[:8]...))
			c.want(finText, "hi")
			for _, octet := range slow[8:] {
				time.Sleep(3 * time.Second)
				c.send([]byte{octet})
			}
			c.want(test.first, "\x03\xe8 bye")
		})
	}
}
