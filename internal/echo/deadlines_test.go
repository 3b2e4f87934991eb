package echo

import (
	"crypto/tls"
	"io"
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
			time.Sleep(writeTime + 2*patience + lingering)
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
		if got < 3*writeTime {
			t.Errorf("read in %v: too fast to prove anything", got)
		}
		c.send(frame(finBinary, "x"))
		c.want(finBinary, "x")
	})
}

// What limits a write does not limit the quiet after it.
func TestAnswerAfterQuiet(t *testing.T) {
	onPath(t, "/", func(t *testing.T, c *client) {
		for _, quiet := range []time.Duration{0, deadlineSlack - 1, deadlineSlack, writeTime, time.Hour} {
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

// A pong waits for a message that is under way, however slowly that is read.
func TestPongWhileReadSlowly(t *testing.T) {
	onPath(t, "/push?every=1s&size=65536", func(t *testing.T, c *client) {
		c.wantOctets("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + "1")
		c.send(frame(ping, "x"))
		time.Sleep(writeTime / 2)
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
