package runner

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/simulated/pipe"
)

// Writes end where a script says, pause as long, and stop where it says.
func TestPaceOfWrites(t *testing.T) {
	for _, c := range []struct {
		step  string
		sizes []int // of the writes
		took  time.Duration
	}{
		{`send text key=00000000 "abc"`, []int{9}, 0},
		{`send cut=1,3 text "abc", ping`, []int{1, 2, 12}, 0},
		{`send cut=9,100 text "abc", ping`, []int{9, 6}, 0},
		{`send cut=1,3 every=2ms after=5ms text "abc"`, []int{1, 2, 6}, 9 * time.Millisecond},
		{`send chop=4 every=1s text "abc"`, []int{4, 4, 1}, 2 * time.Second},
		{`send upto=7 text "abc"`, []int{7}, 0},
		{`send cut=2,5 upto=4 text "abc", ping`, []int{2, 2}, 0},
		{`send chop=3 upto=6 text "abc"`, []int{3, 3}, 0},
		{`send upto=9 text "abc"`, []int{9}, 0},
		{`send upto=70000 binary "*"*200000`, []int{65536, 4464}, 0},
		{`send cut=65537 binary "*"*70000`, []int{65536, 1, 4477}, 0},
		{`octets "\x89\x80abcd"`, []int{6}, 0},
		{`octets cut=2 every=1s upto=5 "\x89\x80abcd"`, []int{2, 3}, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := meetText(t, deviceServer(func(conn net.Conn) { io.Copy(io.Discard, conn) }), c.step+"\ndrop", Options{})
			var sizes []int
			for _, w := range e.Writes[1:] {
				sizes = append(sizes, len(w))
			}
			if !reflect.DeepEqual(sizes, c.sizes) || e.Took != c.took {
				t.Errorf("%s: writes of %v octets in %v, want %v in %v", c.step, sizes, e.Took, c.sizes, c.took)
			}
		})
	}
}

// Octets go out as they are, and what does not go out is told.
func TestOctetsGoOutAsTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := meetText(t, deviceServer(func(conn net.Conn) { io.Copy(io.Discard, conn) }),
			"octets \"\\x81\\x05he\"\nsend upto=3 text \"abc\"\ndrop", Options{Transcript: true})
		if len(e.Writes) != 3 || string(e.Writes[1]) != "\x81\x05he" {
			t.Errorf("%q", e.Writes)
		}
		if told := e.Transcript.String(); !strings.Contains(told, "of these octets the first 3 go out, and 6 never") {
			t.Error(told)
		}
	})
}

// An opening handshake that does not go out in full opens nothing: it is left at
// once, or ended on our side and seen to its end.
func TestPartingWithinTheRequest(t *testing.T) {
	for _, c := range []struct {
		rest   string
		status int
		device func(net.Conn, *bufio.Reader)
		reason string
	}{
		{"drop", 0, nil, "we left within the opening handshake"},
		{"reset", 0, nil, "we left within the opening handshake"},
		{"half-close\ndrop", 0, nil, "the end of TCP instead of an answer to the opening handshake"},
		{"half-close\ndrop", 400, func(conn net.Conn, _ *bufio.Reader) { io.WriteString(conn, "HTTP/1.1 400 No\r\n\r\n") },
			"an answer to part of an opening handshake: HTTP/1.1 400 No"},
		{"must refuse", 0, func(conn net.Conn, _ *bufio.Reader) { time.Sleep(time.Minute) }, "no answer to the opening handshake within 5s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var took string
			heard := make(chan struct{})
			peer := deviceServer(nil)
			peer.Dial = dialed(func(conn net.Conn) {
				r := bufio.NewReader(conn)
				octets, _ := r.Peek(20)
				took = string(octets)
				if c.device != nil {
					c.device(conn, r)
				} else if rest, err := io.ReadAll(r); err != nil || len(rest) != 20 {
					t.Errorf("%s: the device reads %q and then %v", c.rest, rest, err)
				}
				close(heard)
			})
			e := meetText(t, peer, "request upto=20\n"+c.rest, Options{})
			<-heard
			if took != "GET / HTTP/1.1\r\nHost" || e.Refusal == nil || e.Refusal.Reason != c.reason || e.Refusal.Status != c.status {
				t.Errorf("%s: the device reads %q; %+v", c.rest, took, e.Refusal)
			}
		})
	}
}

// That one device took nothing is not said of the next.
func TestPartingAfterSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		peer := deviceServer(nil)
		for _, reads := range []bool{false, true} {
			peer.Dial = func(context.Context) (net.Conn, error) {
				ours, theirs := net.Pipe() // which holds nothing
				if reads {
					go io.Copy(io.Discard, theirs)
				} else {
					time.Sleep(time.Second) // of what the whole may take
				}
				return ours, nil
			}
			if e := meetText(t, peer, "request upto=20\ndrop", Options{}); e.Refusal == nil || e.Refusal.Silent == reads {
				t.Errorf("reads: %v; %+v", reads, e.Refusal)
			}
		}
	})
}

// dialed dials a device that has the connection from the beginning.
func dialed(device func(net.Conn)) dial {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := pipe.New()
		go func() { defer theirs.Close(); device(theirs) }()
		return ours, nil
	}
}

// A response that does not go out in full opens nothing either.
func TestPartingWithinTheResponse(t *testing.T) {
	request := handshake.NewRequest("host", "/", handshake.NewKey([16]byte{}))
	for _, c := range []struct{ said, rest, reason string }{
		{"", "half-close\ndrop", "the end of TCP after part of our response"},
		{"\x89\x00", "half-close\ndrop", `octets after part of our response: "\x89\x00"`},
		{"", "drop", "we left within the opening handshake"},
	} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := pipe.New()
			heard := make(chan string)
			go func() {
				octets, _ := io.ReadAll(theirs)
				if c.said != "" {
					io.WriteString(theirs, c.said)
				}
				theirs.Close()
				heard <- string(octets)
			}()
			conn, r := timed(ours, readBuffer)
			e := meetText(t, &accepted{conn: conn, r: r, request: request, pending: newPending(conn, r)}, "response upto=12\n"+c.rest, Options{})
			if got := <-heard; got != "HTTP/1.1 101" || e.Refusal == nil || e.Refusal.Reason != c.reason || !e.Refusal.Parted {
				t.Errorf("%s: the device reads %q; %+v", c.rest, got, e.Refusal)
			}
		})
	}
}

// A reset is one: TCP tells the device so.
func TestResetIsOne(t *testing.T) {
	for ending, want := range map[string]error{"reset": syscall.ECONNRESET, "drop": nil} {
		on, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			conn, err := on.Accept()
			if err != nil {
				ended <- err
				return
			}
			defer conn.Close()
			request, _ := handshake.ReadRequest(bufio.NewReader(conn), 1<<16)
			conn.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
			_, err = io.Copy(io.Discard, conn)
			ended <- err
		}()
		host, port, _ := net.SplitHostPort(on.Addr().String())
		e := meetText(t, &Dialer{Target: Target{Host: host, Port: port}}, "send ping\n"+ending, Options{})
		if err := <-ended; !errors.Is(err, want) || want == nil && err != nil || e.Reset != (want != nil) || e.Ours || !e.Left {
			t.Errorf("%s: the device sees %v; %+v", ending, err, e)
		}
		on.Close()
	}
}

// After a step of which not all went out, no Close frame does.
func TestNothingFollowsWhatIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := conformance.Parse("9.9  cut off  RFC 6455 §5\nsend upto=3 text \"abc\"\nclose 1000")
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan int, 1)
		result, _ := play(t.Context(), deviceServer(func(conn net.Conn) {
			octets, _ := io.ReadAll(conn)
			heard <- len(octets)
		}), c, Options{})
		if n := <-heard; n != 3 {
			t.Errorf("the device reads %d octets: %v", n, result)
		}
	})
}
