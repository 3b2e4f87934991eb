package runner_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/runner"
)

// listen lets device have each connection to the target that it returns.
func listen(t *testing.T, device func(net.Conn)) (runner.Target, net.Listener) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
				device(conn)
			}()
		}
	}()
	target, err := runner.ParseTarget(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return target, l
}

// shaken shakes hands as a server does, and then lets device have the connection.
func shaken(device func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		request, err := handshake.ReadRequest(bufio.NewReader(conn), 1<<16)
		if err != nil {
			return
		}
		conn.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
		device(conn)
	}
}

// forever writes b until the connection ends.
func forever(conn net.Conn, b []byte) {
	go io.Copy(io.Discard, conn)
	for {
		if _, err := conn.Write(b); err != nil {
			return
		}
	}
}

// says reads the request and answers so.
func says(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		handshake.ReadRequest(bufio.NewReader(conn), 1<<16)
		conn.Write([]byte(answer))
		conn.Read(make([]byte, 1)) // our end of TCP, so that nothing of the answer is reset away
	}
}

// Whatever answers instead of a device, the first connection ends with one line.
func TestAcquaintHostile(t *testing.T) {
	for name, tt := range map[string]struct {
		device func(net.Conn)
		want   string
	}{
		"silence":       {func(c net.Conn) { io.Copy(io.Discard, c) }, "no answer to the opening handshake within"},
		"end":           {func(c net.Conn) { handshake.ReadRequest(bufio.NewReader(c), 1<<16) }, "the end of TCP instead of an answer"},
		"404":           {says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "404 Not Found"},
		"200":           {says("HTTP/1.1 200 OK\r\n\r\n<html>"), "200 OK"},
		"500":           {says("HTTP/1.1 500 Oops\r\n\r\n"), "500 Oops"},
		"not HTTP":      {says("SSH-2.0-dropbear\r\n"), "not HTTP"},
		"wrong accept":  {says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm8=\r\n\r\n"), "Sec-WebSocket-Accept"},
		"endless head":  {func(c net.Conn) { forever(c, []byte("X: "+strings.Repeat("x", 1000)+"\r\n")) }, "not HTTP"},
		"no blank line": {says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"), `no empty line within 250ms that ends the answer to the opening handshake, which begins "HTTP/1.1 101 Switching Protocols"`},
		"10 MB of head": {says("HTTP/1.1 101 Switching Protocols\r\nX: " + strings.Repeat("x", 10<<20)), "more than 65536 octets"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, _ := listen(t, tt.device)
			_, err := runner.Acquaint(t.Context(), &runner.Dialer{Target: target}, runner.Options{TimeScale: 0.05}, "hi")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// A visit that is not of a case has a key of its own, whatever the seed: devices may
// refuse one that comes again.
func TestVisitsDrawKeys(t *testing.T) {
	keys := make(chan string, 2)
	target, _ := listen(t, func(c net.Conn) {
		r, _ := handshake.ReadRequest(bufio.NewReader(c), 1<<16)
		keys <- r.Header.Get("Sec-WebSocket-Key")
	})
	for range 2 {
		_, _ = runner.Acquaint(t.Context(), &runner.Dialer{Target: target}, runner.Options{Seed: 1}, "")
	}
	if a, b := <-keys, <-keys; a == b || len(a) != 24 || len(b) != 24 {
		t.Errorf("keys %q and %q", a, b)
	}
}

func TestAcquaintRefused(t *testing.T) {
	target, l := listen(t, func(net.Conn) {})
	l.Close()
	_, err := runner.Acquaint(t.Context(), &runner.Dialer{Target: target}, runner.Options{TimeScale: 0.05}, "hi")
	if err == nil || !err.Refused || !strings.Contains(err.Error(), "connection refused by 127.0.0.1:") {
		t.Errorf("got %v", err)
	}
}

// A device that does anything but behave gets its verdict in bounded time, and
// costs bounded memory.
func TestPlayHostile(t *testing.T) {
	frame := func(first, second byte, more ...byte) []byte { return append([]byte{first, second}, more...) }
	var devices sync.WaitGroup
	for name, device := range map[string]func(net.Conn){
		"claims 2^63":          func(c net.Conn) { forever(c, frame(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0)) },
		"endless frame":        func(c net.Conn) { c.Write(frame(0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0)); forever(c, make([]byte, 1<<16)) },
		"endless fragments":    func(c net.Conn) { c.Write(frame(0x02, 0)); forever(c, bytes.Repeat(frame(0x00, 1, 'x'), 1000)) },
		"fragments of nothing": func(c net.Conn) { c.Write(frame(0x02, 0)); forever(c, bytes.Repeat(frame(0x00, 0), 1000)) },
		"flood of messages":    func(c net.Conn) { forever(c, bytes.Repeat(frame(0x81, 1, 'x'), 1000)) },
		"flood of nothing":     func(c net.Conn) { forever(c, bytes.Repeat(frame(0x81, 0), 1000)) },
		"flood of pings":       func(c net.Conn) { forever(c, bytes.Repeat(frame(0x89, 1, 'x'), 1000)) },
		"flood of pongs":       func(c net.Conn) { forever(c, bytes.Repeat(frame(0x8a, 1, 'x'), 1000)) },
		"pings, never reads": func(c net.Conn) {
			for {
				if _, err := c.Write(bytes.Repeat(frame(0x89, 1, 'x'), 1000)); err != nil {
					return
				}
			}
		},
		"never reads": func(c net.Conn) { time.Sleep(30 * time.Second) },
		"dribbles":    func(c net.Conn) { dribble(c, frame(0x81, 126, 0xff, 0xff)) },
		"garbage":     func(c net.Conn) { forever(c, []byte("\x93\x1f\x88garbage!")) },
		"half a head": func(c net.Conn) { c.Write(frame(0x81, 127)); io.Copy(io.Discard, c) },
	} {
		for _, reply := range []conformance.Answer{conformance.AnswerEcho, conformance.AnswerStream, conformance.AnswerNone} {
			devices.Go(func() { // all at once: what takes the time is the waiting
				target, _ := listen(t, shaken(device))
				options := runner.Options{TimeScale: 0.1, Profile: conformance.Profile{Reply: reply, Greeting: []string{"x"}}}
				for _, id := range []conformance.ID{"1.1.2", "1.2.7", "2.1", "3.2", "6.4.1", "7.7.1", "10.1.1"} {
					playBounded(t, name, target, id, options)
				}
			})
		}
	}
	devices.Wait()
}

// playBounded plays one case, as one of several so that no time is spent on
// the health of a device that has none.
func playBounded(t *testing.T, device string, target runner.Target, id conformance.ID, options runner.Options) {
	t.Helper()
	cases, err := conformance.Select(conformance.Catalogue(), string(id))
	if err != nil {
		t.Error(err)
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a guard against hanging, no measurement
	defer cancel()
	for r, err := range runner.Run(ctx, &runner.Dialer{Target: target}, cases, options) {
		if err != nil && !errors.Is(err, runner.ErrLost) {
			t.Errorf("%s: %s: %v", device, id, err)
		}
		if len(r.Transcript) > conformance.MaxEntries || len(r.Reason) > 1000 {
			t.Errorf("%s: %s: %d entries, a reason of %d octets", device, id, len(r.Transcript), len(r.Reason))
		}
	}
}

// Whatever a device sends, it is not kept.
func TestMemory(t *testing.T) {
	sent := 0
	target, _ := listen(t, shaken(func(c net.Conn) {
		c.Write([]byte{0x02, 0}) // a binary message that never ends
		go io.Copy(io.Discard, c)
		piece := append([]byte{0x00, 127, 0, 0, 0, 0, 0, 1, 0, 0}, make([]byte, 1<<16)...)
		for ; ; sent += len(piece) {
			if _, err := c.Write(piece); err != nil {
				return
			}
		}
	}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	playBounded(t, "endless message", target, "9.1.3", runner.Options{TimeScale: 0.1})
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
		t.Errorf("%d MiB more of heap, for a message of 1 MiB and %d MiB that came", grown>>20, sent>>20)
	}
}

func dribble(c net.Conn, head []byte) {
	c.Write(head)
	for {
		time.Sleep(5 * time.Millisecond)
		if _, err := c.Write([]byte("x")); err != nil {
			return
		}
	}
}

// A device that goes on the way ends the run; what was not played is
// INCONCLUSIVE, not FAILED.
func TestLost(t *testing.T) {
	var l net.Listener
	var connections atomic.Int32
	var target runner.Target
	target, l = listen(t, shaken(func(c net.Conn) {
		if connections.Add(1) == 3 { // case, health, case
			l.Close()
		}
	}))
	cases, err := conformance.Select(conformance.Catalogue(), "1.1.*")
	if err != nil {
		t.Fatal(err)
	}
	var last error
	var got []string
	for r, err := range runner.Run(t.Context(), &runner.Dialer{Target: target}, cases, runner.Options{TimeScale: 0.05}) {
		if last = err; err == nil && !r.OfRow() {
			got = append(got, fmt.Sprintf("%v %s", r.Behavior, r.Health))
		}
	}
	want := []string{"FAILED slow", "FAILED gone"}
	if !errors.Is(last, runner.ErrLost) || len(got) != len(cases) || got[1] != want[1] || got[2] != "INCONCLUSIVE gone" {
		t.Errorf("%v, then %v", got, last)
	}
}

// A device that reboots at a case is waited for, and the run goes on.
func TestRebooted(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	serve := func(l net.Listener, crash func()) {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go shaken(func(c net.Conn) {
				b := make([]byte, 2)
				if _, err := io.ReadFull(c, b); err == nil && b[0] == 0x89 { // a ping fells it
					crash()
				}
				c.Close()
			})(conn)
		}
	}
	go serve(l, func() {
		l.Close()
		time.AfterFunc(300*time.Millisecond, func() {
			again, err := net.Listen("tcp", address)
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { again.Close() })
			serve(again, func() {})
		})
	})
	target, err := runner.ParseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := conformance.Select(conformance.Catalogue(), "1.1.2", "2.1", "2.2")
	if err != nil {
		t.Fatal(err)
	}
	health := map[conformance.ID]conformance.Health{}
	for r, err := range runner.Run(t.Context(), &runner.Dialer{Target: target}, cases, runner.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		health[r.Case.ID] = r.Health
	}
	if health["1.1.2"] != conformance.Alive || health["2.1"] != conformance.Rebooted || health["2.2"] != conformance.Alive {
		t.Errorf("got %v", health)
	}
}
