package echo

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const poll4 = "/socket.io/?EIO=4&transport=polling"

// ask sends a request and reads the answer, whose body has to have a length.
func (c *client) ask(method, url, body string) (head, answer string) {
	c.Helper()
	go fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n%s", method, url, len(body), body)
	head = c.head()
	length := 0
	for line := range strings.Lines(head) {
		_, _ = fmt.Sscanf(line, "Content-Length: %d", &length)
	}
	octets := make([]byte, length)
	if _, err := io.ReadFull(c.in, octets); err != nil {
		c.Fatalf("body of %q: %v", head, err)
	}
	return head, string(octets)
}

// openPolling opens a session and returns the URL to poll.
func (c *client) openPolling(t *testing.T) (url string) {
	t.Helper()
	_, body := c.ask("GET", poll4, "")
	return poll4 + "&sid=" + sidIn(t, body)
}

// A poll may wait for longer than a request may take to come, or an answer to go.
func TestLongPoll(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		url := c.openPolling(t)
		for range 2 {
			begun := time.Now()
			if _, body := c.ask("GET", url, ""); body != "2" || time.Since(begun) != 25*time.Second {
				t.Errorf("polled %q after %v", body, time.Since(begun))
			}
			if _, body := c.ask("POST", url, "3"); body != "ok" {
				t.Errorf("posted: %q", body)
			}
		}
	})
}

// There are no more sessions than there may be connections; one that nobody came
// back to makes place.
func TestSessionsBounded(t *testing.T) {
	onWrappedPipe(t, Options{MaxConnections: 2}, half, func(t *testing.T, c *client, _ func() error) {
		first := c.openPolling(t)
		for _, url := range []string{first, c.openPolling(t)} {
			if _, body := c.ask("POST", url, "3"); body != "ok" {
				t.Errorf("posted: %q", body)
			}
		}
		if head, _ := c.ask("GET", poll4, ""); !strings.HasPrefix(head, "HTTP/1.1 503 ") {
			t.Errorf("a third session: %s", head)
		}
	})
}

func TestSlowPost(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		url := c.openPolling(t)
		begun := time.Now()
		c.send([]byte("POST " + url + " HTTP/1.1\r\nHost: bench\r\nContent-Length: 100\r\n\r\n40"))
		if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 400 ") {
			t.Errorf("got %s", head)
		}
		_, _ = io.Copy(io.Discard, c.in)
		if took := time.Since(begun).Truncate(time.Second); took != 10*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestHugePosts(t *testing.T) {
	address := serve(t, Options{MaxMessage: 1000})
	for _, post := range []string{"Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n1000\r\n" + strings.Repeat("2", 1001)} {
		c := dial(t, address)
		url := c.openPolling(t)
		c.send([]byte("POST " + url + " HTTP/1.1\r\nHost: bench\r\n" + post))
		if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 413 ") {
			t.Errorf("got %s", head)
		}
	}
}

func TestStopEndsSocketIO(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, stop func() error) {
		url := c.openPolling(t)
		polled := make(chan string)
		go func() {
			_, body := c.ask("GET", url, "")
			polled <- body
		}()
		synctest.Wait()
		stopped := make(chan error, 1)
		go func() { stopped <- stop() }()
		if body := <-polled; body != "1" {
			t.Errorf("polled %q", body)
		}
		<-stopped
	})
	onPipe(t, func(t *testing.T, c *client, stop func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/socket.io/?EIO=3&transport=websocket", 1)))
		c.head()
		c.next()
		c.want(finText, "40")
		stopped := make(chan error, 1)
		go func() { stopped <- stop() }()
		c.wantClose(1001)
		<-stopped
	})
}

func TestSocketIOFaults(t *testing.T) {
	address := serve(t, Options{MaxMessage: 1000})
	for name, test := range map[string]struct {
		octets []byte
		code   uint16
	}{
		"no packet":      {frame(finText, "Connected"), 1008},
		"empty":          {frame(finText, ""), 1008},
		"an open packet": {frame(finText, "0{}"), 1008},
		"too long":       {frame(finText, strings.Repeat("2", 1001)), 1009},
		"opcode 3":       {frame(0x83, "2"), 1002},
		"not masked":     {[]byte{finText, 1, '2'}, 1002},
		"bad text":       {frame(finText, "4\xff"), 1007},
		"close":          {frame(finText, "1"), 1000},
		"closing":        {frame(closing, "\x03\xe8"), 1000},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, address, "/socket.io/?EIO=4&transport=websocket")
			c.next()
			c.send(test.octets)
			first, payload := c.next()
			if code := int(payload[0])<<8 | int(payload[1]); first != closing || code != int(test.code) {
				t.Errorf("got frame %#x %q, want close %d", first, payload, test.code)
			}
		})
	}
}

// Who never reads what comes back is let go when the session has been silent
// for too long: it is not read either.
func TestSocketIOWithoutReading(t *testing.T) {
	onPipe(t, func(t *testing.T, c *client, _ func() error) {
		go c.Write([]byte(strings.Replace(handshake, "%s", "/socket.io/?EIO=3&transport=websocket", 1)))
		c.head()
		event := frame(finText, `42["`+strings.Repeat("x", 100_000)+`"]`)
		begun, sent := time.Now(), 0
		for {
			if _, err := c.Write(event); err != nil {
				break
			}
			sent++
		}
		if took := time.Since(begun); sent > 15 || took > time.Minute {
			t.Errorf("let go after %v and %d events", took, sent)
		}
	})
}

// Devices vanish in the middle of everything.
func TestSocketIOVanishes(t *testing.T) {
	address := serve(t, Options{})
	for _, octets := range []string{
		"GET /socket.io/?EIO=3 HTTP/1.1\r\nHost: bench\r\n\r\n",
		"GET " + poll4 + "&sid=%s HTTP/1.1\r\nHost: bench\r\n\r\n",
		"POST " + poll4 + "&sid=%s HTTP/1.1\r\nHost: bench\r\nContent-Length: 9\r\n\r\n40",
		strings.Replace(handshake, "%s", "/socket.io/?EIO=4&transport=websocket&sid=%s", 1),
		strings.Replace(handshake, "%s", "/socket.io/?EIO=4&transport=websocket&sid=%s", 1) + string(frame(finText, "2probe")),
		strings.Replace(handshake, "%s", "/socket.io/?EIO=4&transport=websocket&sid=%s", 1) + string(frame(finText, "5")) + string(frame(finText, "40")[:3]),
	} {
		c := dial(t, address)
		url := c.openPolling(t)
		c.send([]byte(strings.Replace(octets, "%s", url[strings.LastIndex(url, "=")+1:], 1)))
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset
		}
		c.Close()
	}
}

func TestSocketIOLog(t *testing.T) {
	var log writeLog
	address := serve(t, Options{Log: &log})
	c := dial(t, address)
	_, opened := c.ask("GET", "/socket.io/?EIO=3&transport=polling", "")
	url := "/socket.io/?EIO=3&transport=polling&sid=" + sidIn(t, opened)
	c.ask("POST", url, `11:42["x","y"]`)
	c.ask("GET", url, "")
	bad, _ := c.ask("GET", "/socket.io/?EIO=3&transport=polling&sid=x", "")
	if !strings.HasPrefix(bad, "HTTP/1.1 400 ") {
		t.Errorf("got %s", bad)
	}
	_, packet, _ := strings.Cut(opened, ":")
	from := c.LocalAddr().String()
	want := []string{
		"Connection from " + from + "\n",
		"> " + strings.TrimSuffix(packet, "2:40") + "\n", "> 40\n",
		`< 42["x","y"]` + "\n", `> 42["x","y"]` + "\n",
		"Refused " + from + ": Session ID unknown\n",
	}
	if got := log.all(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What a small device needs of an answer: all of it at once.
func TestPollingAnswerIsOneWrite(t *testing.T) {
	writes := &countedConn{}
	onWrappedPipe(t, Options{}, func(c net.Conn) net.Conn { writes.Conn = c; return writes },
		func(t *testing.T, c *client, _ func() error) {
			c.in = bufio.NewReader(c.Conn)
			c.openPolling(t)
			if writes.n != 1 {
				t.Errorf("%d writes", writes.n)
			}
		})
}

type countedConn struct {
	net.Conn
	n int
}

func (c *countedConn) Write(b []byte) (int, error) {
	c.n++
	return c.Conn.Write(b)
}
