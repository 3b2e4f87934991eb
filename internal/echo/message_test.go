package echo

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// First octets of frames.
const (
	finText, startText     = 0x81, 0x01
	finBinary, startBinary = 0x82, 0x02
	more, last             = 0x00, 0x80 // continuations
	closing, ping, pong    = 0x88, 0x89, 0x8a
)

func TestEcho(t *testing.T) {
	address := serve(t, Options{})
	for _, path := range []string{"/", "/echo", "/unheard-of"} {
		c := open(t, address, path)
		for _, n := range []int{0, 1, 125, 126, 4085, 4086, 4096, 8192, 65535, 65536, 1 << 20} {
			for _, first := range []byte{finText, finBinary} {
				message := strings.Repeat("*", n)
				go c.Write(frame(first, message))
				c.want(first, message)
			}
		}
		c.send(frame(finBinary, "\xff\x00"))
		c.want(finBinary, "\xff\x00")
	}
}

// Small devices read no fragments: whatever comes in many frames goes out in one.
func TestFragmentsBecomeOneFrame(t *testing.T) {
	c := open(t, serve(t, Options{}), "/")
	for name, frames := range map[string][][]byte{
		"fragments": {frame(startText, "ab"), frame(more, "cd"), frame(last, "ef")},
		"empty":     {frame(startText, ""), frame(more, "abcde"), frame(more, ""), frame(last, "f")},
		"character": {frame(startText, "abcde"), frame(last, "f")},
		"binary":    {frame(startBinary, "abc"), frame(last, "def")},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range frames {
				c.send(f)
			}
			c.want(frames[0][0]|0x80, "abcdef")
		})
	}
	t.Run("split character", func(t *testing.T) {
		for _, f := range [][]byte{frame(startText, "\xf0"), frame(more, "\x9f"), frame(more, "\x98\x80a\xc3"), frame(last, "\xbc")} {
			c.send(f)
		}
		c.want(finText, "😀aü")
	})
	t.Run("ping within", func(t *testing.T) {
		c.send(frame(startText, "ab"))
		c.send(frame(ping, "p"))
		c.want(pong, "p")
		c.send(frame(last, "cd"))
		c.want(finText, "abcd")
	})
	t.Run("many", func(t *testing.T) {
		go c.Write(fragments(finText, 1<<20, 64))
		c.want(finText, strings.Repeat("*", 1<<20))
	})
}

// Messages may come before the last one is answered.
func TestPipelined(t *testing.T) {
	c := open(t, serve(t, Options{Reply: "%s!"}), "/")
	var octets []byte
	message := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 1<<(i%18)) }
	for i := range 54 {
		octets = append(octets, frame(finText, message(i))...)
		octets = append(octets, frame(finBinary, message(i))...)
	}
	go c.Write(octets)
	for i := range 54 {
		c.want(finText, message(i)+"!")
		c.want(finBinary, message(i))
	}
}

// A countingListener counts the writes to its connections.
type countingListener struct {
	net.Listener
	writes atomic.Int64
}

type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return countingConn{c, &l.writes}, err
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

func TestOneWriteAnAnswer(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln := &countingListener{Listener: tcp}
	serveOn(t, ln, Options{})
	c := open(t, tcp.Addr().String(), "/")
	for _, n := range []int{0, 125, 4000, 4093, 5000, 9000, 70000} {
		before := ln.writes.Load()
		message := strings.Repeat("*", n)
		c.send(frame(finText, message))
		c.want(finText, message)
		if got := ln.writes.Load() - before; got != 1 {
			t.Errorf("%d octets left in %d writes", n, got)
		}
	}
}

// Over TCP a long answer is in one segment, where it fits.
func TestOneSegmentAnAnswer(t *testing.T) {
	c := open(t, serve(t, Options{}), "/")
	for _, n := range []int{125, 5000, 9000, 20000} {
		for range 50 {
			c.send(frame(finText, strings.Repeat("*", n)))
			_, _ = c.in.Peek(1) // one read of what is there
			if got := c.in.Buffered(); got < n {
				t.Fatalf("%d octets came, then more of an answer to %d", got, n)
			}
			c.want(finText, strings.Repeat("*", n))
		}
	}
}

func TestReply(t *testing.T) {
	address := serve(t, Options{Reply: "Reply for %s, 100%"})
	c := open(t, address, "/")
	for _, message := range []string{"", "x", "ü", "%s", strings.Repeat("long", 2000)} {
		c.send(frame(finText, message))
		c.want(finText, "Reply for "+message+", 100%")
		c.send(frame(finBinary, message))
		c.want(finBinary, message)
	}
	c = open(t, address, "/echo")
	c.send(frame(finText, "x"))
	c.want(finText, "x")
}

func TestGreet(t *testing.T) {
	address := serve(t, Options{})
	for _, first := range []byte{finText, finBinary} {
		c := open(t, address, "/greet")
		c.send(frame(first, "ESP8266"))
		c.want(first, "Hello ESP8266!")
		c.want(closing, "\x03\xe8")
		c.send(frame(closing, "\x03\xe8"))
		c.wantEnd()
	}
}

func TestMaxMessage(t *testing.T) {
	const limit = 10000
	address := serve(t, Options{MaxMessage: limit})
	for _, first := range []byte{finText, finBinary} {
		c := open(t, address, "/")
		message := strings.Repeat("*", limit)
		c.send(frame(first, message))
		c.want(first, message)
		c.send(frame(first, message+"*"))
		c.wantClose(1009)

		c = open(t, address, "/")
		c.send(frame(first&0x7f, message[:limit/2]))
		c.send(frame(more, message[:limit/2]))
		c.send(frame(more, ""))
		c.send(frame(last, "*"))
		c.wantClose(1009)

		// Claimed, and never sent: nothing is answered, nothing allocated.
		c = open(t, address, "/")
		c.send([]byte{first, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
		c.send([]byte(message))
		c.send([]byte("*"))
		c.wantClose(1009)
	}
}

// A text with a bad octet fails at that octet, whatever of its frame, its
// message or the next frame is still to come.
func TestBadTextFailsFast(t *testing.T) {
	address := serve(t, Options{})
	const good = "κόσμε"
	for name, frames := range map[string][][]byte{
		"alone":               {frame(finText, "\xff")},
		"in the end":          {frame(finText, good+"\xce")},
		"surrogate":           {frame(finText, good+"\xed\xa0")},
		"too large":           {frame(finText, good+"\xf4\x90")},
		"overlong":            {frame(finText, good+"\xc0")},
		"last fragment":       {frame(startText, good), frame(last, "\xce")},
		"rest to come":        {frame(finText, good+"\xed\xa0edited")[:6+len(good)+2]},
		"more frames to come": {frame(startText, good+"\xff")},
		"after empty frame":   {frame(startText, ""), frame(more, "\xffabcdef")[:7]},
		"after one octet":     {frame(startText, "a"), frame(more, "\xffabcdef")[:7]},
		"after a ping":        {frame(startText, "a"), frame(ping, ""), frame(more, "a\xffabcdef")[:8]},
		"far into a frame":    {frame(finText, strings.Repeat("*", 100000)+"\xffabcdef")[:14+100001]},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/")
			var octets []byte
			for _, f := range frames {
				octets = append(octets, f...)
			}
			c.send(octets)
			if name == "after a ping" {
				c.want(pong, "")
			}
			c.wantClose(1007)
		})
		t.Run(name+", octet by octet", func(t *testing.T) {
			c := open(t, address, "/")
			for _, f := range frames {
				if len(f) > 1000 {
					t.Skip("too many")
				}
				for i := range f {
					c.send(f[i : i+1])
				}
			}
			if name == "after a ping" {
				c.want(pong, "")
			}
			c.wantClose(1007)
		})
	}
}

// A frame in three writes: what is good is not answered, and what is bad is
// answered at once.
func TestBadTextInPieces(t *testing.T) {
	c := open(t, serve(t, Options{}), "/")
	octets := frame(finText, "κόσμε\xf4\x90\x80\x80edited")
	bad := len(octets) - len("\x90\x80\x80edited")
	c.send(octets[:bad])
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if b, err := c.in.ReadByte(); err == nil {
		t.Fatalf("got octet %#x before the bad one was sent", b)
	}
	_ = c.SetReadDeadline(time.Now().Add(hang))
	c.send(octets[bad : bad+1])
	c.wantClose(1007)
}

func TestBinaryIsNotText(t *testing.T) {
	c := open(t, serve(t, Options{}), "/")
	c.send(frame(finBinary, "\xff\xfe"))
	c.want(finBinary, "\xff\xfe")
}

// What TCP cuts off is no message.
func TestCutMessageIsNotEchoed(t *testing.T) {
	address := serve(t, Options{})
	for name, octets := range map[string][]byte{
		"between frames":    frame(startText, "abc"),
		"after the header":  frame(finText, "abc")[:6],
		"within the header": frame(finText, "abc")[:4],
		"in the payload":    frame(finText, "abc")[:8],
		"binary":            frame(finBinary, "abc")[:6],
		"before all":        nil,
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/")
			c.send(octets)
			if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			c.wantEnd()
		})
	}
}
