package echo

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// onPath plays with a behaviour in a bubble, whose clock stands still meanwhile.
func onPath(t *testing.T, path string, play func(t *testing.T, c *client)) {
	t.Helper()
	onWrappedPipe(t, Options{}, half, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", path, 1)))
		if head := c.head(); head != switching {
			t.Fatalf("%s: got %s", path, head)
		}
		play(t, c)
		_ = c.Close()
		time.Sleep(2 * lingering)
	})
}

// took is how long play took, by the bubble's clock.
func took(play func()) time.Duration {
	begun := time.Now()
	play()
	return time.Since(begun)
}

// Whatever a peer sends in place of the answer to a Close frame, nothing is kept of it.
func TestMessagesBehindClose(t *testing.T) {
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	onPath(t, "/close?after=0s", func(t *testing.T, c *client) {
		c.wantOctets("\x88\x02\x03\xe8")
		messages := bytes.Repeat(frame(finText, ""), 1<<12)
		before := heap()
		for range 1 << 8 {
			c.send(messages)
		}
		if grown := int64(heap()) - int64(before); grown > 4<<20 {
			t.Errorf("%d octets are kept of empty messages", grown)
		}
	})
}

func TestReplyFormat(t *testing.T) {
	for path, want := range map[string]string{
		"/reply":                            "Reply for x",
		"/reply?format=Reply%20for%20%25s":  "Reply for x",
		"/reply?format=%22%25s%22+received": `"x" received`,
	} {
		onPath(t, path, func(t *testing.T, c *client) {
			c.send(frame(finText, "x"))
			c.want(finText, want)
			c.send(frame(finBinary, "x"))
			c.want(finBinary, "x")
		})
	}
}

func TestGreetAgain(t *testing.T) {
	onPath(t, "/greet?keep", func(t *testing.T, c *client) {
		for _, name := range []string{"a", "b"} {
			c.send(frame(finText, name))
			c.want(finText, "Hello "+name+"!")
		}
	})
}

func TestSilent(t *testing.T) {
	onPath(t, "/silent", func(t *testing.T, c *client) {
		c.send(frame(finText, "x"))
		c.send(frame(ping, "p")) // the pong is the next
		c.want(pong, "p")
		_ = c.SetReadDeadline(time.Now().Add(24 * time.Hour))
		if b, err := c.in.ReadByte(); err == nil {
			t.Errorf("got octet %#x", b)
		}
	})
}

func TestSlow(t *testing.T) {
	for path, want := range map[string]time.Duration{"/slow": 2 * time.Second, "/slow?delay=1m": time.Minute, "/slow?delay=0": 0} {
		onPath(t, path, func(t *testing.T, c *client) {
			c.send(frame(finText, "x"))
			if got := took(func() { c.want(finText, "x") }); got != want {
				t.Errorf("%s: answered after %v", path, got)
			}
		})
	}
}

// The stop does not wait for what a URL has set.
func TestStopWhileSlow(t *testing.T) {
	for _, path := range []string{"/slow?delay=1m", "/push?every=1h", "/ping?every=1h", "/close?after=1h", "/broadcast"} {
		onWrappedPipe(t, Options{}, half, func(t *testing.T, c *client, stop func() error) {
			go c.Write([]byte(strings.Replace(handshake, "%s", path, 1)))
			c.head()
			c.send(frame(finText, "x"))
			synctest.Wait()
			go func() {
				for {
					first, _, err := readFrame(c.in, nil)
					if err != nil {
						return
					}
					if first == closing {
						c.send(frame(closing, "\x03\xe9"))
						_ = c.Close()
						return
					}
				}
			}()
			if got := took(func() { _ = stop() }); got != 0 {
				t.Errorf("%s: stopped after %v", path, got)
			}
		})
	}
}

// The parts leave one by one, whatever the kind of message.
func TestDripOctets(t *testing.T) {
	for path, want := range map[string]struct {
		reads []string
		every time.Duration
	}{
		"/drip":                      {[]string{"\x81", "\x02", "a", "b"}, 100 * time.Millisecond},
		"/drip?octets=3&every=10s":   {[]string{"\x81\x02a", "b"}, 10 * time.Second},
		"/drip?octets=9&every=200ms": {[]string{"\x81\x02ab"}, 0},
	} {
		onPath(t, path, func(t *testing.T, c *client) {
			c.send(frame(finText, "ab"))
			for i, want := range want.reads {
				before := time.Now()
				octets := make([]byte, 100)
				n, err := c.Read(octets) // of a pipe: as much as was written at once
				if err != nil || string(octets[:n]) != want {
					t.Fatalf("%s: got %q, %v, want %q", path, octets[:n], err, want)
				}
				if waited := time.Since(before); i > 0 && waited == 0 {
					t.Errorf("%s: %q did not wait", path, want)
				}
			}
			c.send(frame(ping, "p"))
			if octets := make([]byte, 100); true {
				if n, _ := c.Read(octets); string(octets[:n]) != "\x8a\x01p" {
					t.Errorf("%s: the pong came as %q", path, octets[:n])
				}
			}
		})
	}
}

// A long frame drips, too.
func TestDripLong(t *testing.T) {
	message := strings.Repeat("*", 9000)
	onPath(t, "/drip?octets=4096&every=1s", func(t *testing.T, c *client) {
		c.send(frame(finText, message))
		if got := took(func() { c.want(finText, message) }); got != 2*time.Second {
			t.Errorf("the answer took %v", got)
		}
	})
	onPath(t, "/drip?octets=1&every=10s", func(t *testing.T, c *client) {
		go c.Write(frame(finText, strings.Repeat("*", 61)))
		c.wantClose(1009)
	})
}

func TestFragmentOctets(t *testing.T) {
	long := strings.Repeat("*", 1000)
	for path, test := range map[string]struct{ sent, want string }{
		"/fragment?size=2":    {"abcde", "\x01\x02ab\x00\x02cd\x80\x01e"},
		"/fragment?size=5":    {"abcde", "\x81\x05abcde"},
		"/fragment":           {"", "\x81\x00"},
		"/fragment?size=1":    {"ab", "\x01\x01a\x80\x01b"},
		"/fragment?size=1000": {long + long + "b", "\x01\x7e\x03\xe8" + long + "\x00\x7e\x03\xe8" + long + "\x80\x01b"},
	} {
		c := open(t, serve(t, Options{}), path)
		c.send(frame(finText, test.sent))
		c.wantOctets(test.want)
		c.send(frame(startBinary, test.sent))
		c.send(frame(last, ""))
		c.wantOctets(strings.Replace(strings.Replace(test.want, "\x01", "\x02", 1), "\x81", "\x82", 1))
	}
}

func TestBigOctets(t *testing.T) {
	for path, want := range map[string]string{
		"/big?size=0":     "\x81\x00",
		"/big?size=125":   "\x81\x7d" + strings.Repeat("*", 125),
		"/big?size=126":   "\x81\x7e\x00\x7e" + strings.Repeat("*", 126),
		"/big":            "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + strings.Repeat("*", 65536),
		"/big?size=70001": "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x71" + strings.Repeat("*", 70001),
	} {
		c := open(t, serve(t, Options{}), path)
		c.wantOctets(want)
		c.send(frame(finText, "x"))
		c.want(finText, "x")
	}
}

func TestPush(t *testing.T) {
	onPath(t, "/push?every=10s&size=3&count=2", func(t *testing.T, c *client) {
		for _, want := range []string{"1**", "2**"} {
			if got := took(func() { c.want(finText, want) }); got != 10*time.Second {
				t.Errorf("pushed after %v", got)
			}
		}
		time.Sleep(time.Minute)
		c.send(frame(finText, "is read"))
		c.send(frame(ping, "p"))
		c.want(pong, "p")
		c.send(frame(closing, "\x03\xe8"))
		c.want(closing, "\x03\xe8")
	})
}

func TestFlood(t *testing.T) {
	c := open(t, serve(t, Options{}), "/flood?count=3000")
	for n := 1; n <= 3000; n++ {
		c.want(finText, string(numbered(n, 16)))
	}
	c.send(frame(closing, "\x03\xe8"))
	c.want(closing, "\x03\xe8")
	c.wantEnd()
}

func TestPing(t *testing.T) {
	var log writeLog
	onWrappedPipe(t, Options{Log: &log}, half, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/ping?every=2s", 1)))
		c.head()
		c.want(ping, "1")
		time.Sleep(500 * time.Millisecond)
		c.send(frame(pong, "1"))
		if got := took(func() { c.want(ping, "2") }); got != 1500*time.Millisecond {
			t.Errorf("the next ping after %v", got)
		}
		c.want(ping, "3") // without a pong, and all goes on
		c.send(frame(finText, "x"))
		c.want(finText, "x")
		_ = c.Close()
		time.Sleep(2 * lingering)
	})
	said := strings.Join(log.all(), "")
	for _, want := range []string{"Pong from pipe after 500ms\n", "No pong from pipe within 2s\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %q", want, said)
		}
	}
}

// The end that a URL wants, as octets and as TCP has it.
func TestEnds(t *testing.T) {
	address := serve(t, Options{})
	c := open(t, address, "/close")
	c.want(closing, "\x03\xe8")
	c.send(frame(closing, "\x03\xe8"))
	c.wantEnd()

	c = open(t, address, "/close?code=4000&reason=so%20long")
	c.wantOctets("\x88\x09\x0f\xa0so long")
	c.send(frame(closing, "\x0f\xa0"))
	c.wantEnd()

	open(t, address, "/drop").wantEnd()

	c = open(t, address, "/reset")
	if _, err := c.in.ReadByte(); err == nil || !strings.Contains(err.Error(), "reset") {
		t.Errorf("%v instead of a reset", err)
	}
}

func TestEndsAfter(t *testing.T) {
	for _, path := range []string{"/close", "/drop", "/reset"} {
		onPath(t, path+"?after=1h", func(t *testing.T, c *client) {
			c.send(frame(finText, "x"))
			c.want(finText, "x")
			time.Sleep(30 * time.Minute)
			c.send(frame(finText, "y"))
			c.want(finText, "y")
			_ = c.SetDeadline(time.Time{})
			got := took(func() { _, _ = c.in.ReadByte() })
			if got < 30*time.Minute || got > 30*time.Minute+patience+lingering {
				t.Errorf("%s: ended after %v", path, got)
			}
		})
	}
}

func TestBroadcast(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Log: &log})
	var all []*client
	for i := range 3 {
		speaker := open(t, address, "/broadcast") // hears itself once it is in
		all = append(all, speaker)
		message := string(numbered(i, 100))
		speaker.send(frame(finText, message))
		for _, c := range all {
			c.want(finText, message)
		}
	}
	all[0].send(frame(closing, "\x03\xe8"))
	all[0].want(closing, "\x03\xe8")
	all[0].wantEnd()
	lost := 0
	for n := range 10 * maxWaiting {
		all[1].send(frame(finBinary, "left"))
		all[1].want(finBinary, "left")
		all[2].want(finBinary, "left")
		if n == 5*maxWaiting { // by now at last it has gone
			lost = strings.Count(strings.Join(log.all(), ""), "Lost")
		}
	}
	if strings.Count(strings.Join(log.all(), ""), "Lost") > lost {
		t.Error("messages wait for who has left")
	}
}

// One that does not read loses messages, and holds up no one.
func TestBroadcastToDeaf(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Log: &log})
	_ = open(t, address, "/broadcast")
	speaker := open(t, address, "/broadcast")
	message := strings.Repeat("*", maxBroadcast)
	for n := 0; !strings.Contains(strings.Join(log.all(), ""), "reads too slowly"); n++ {
		if n > 5000 {
			t.Fatal("nothing was lost")
		}
		speaker.send(frame(finText, message))
		speaker.want(finText, message)
	}
}
