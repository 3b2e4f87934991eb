package runner

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// comes opens a connection as a device that is a client does, echoes one message
// and the Close frame, and returns the head of the answer.
func comes(conn net.Conn) string {
	defer conn.Close()
	conn.Write(handshake.NewRequest("bench", "/any/path", "dGhlIHNhbXBsZSBub25jZQ==").Append(nil))
	r := bufio.NewReader(conn)
	response, _ := handshake.ReadResponse(r, 1<<16)
	for {
		h, err := wire.ReadHeader(r)
		if err != nil {
			return response.Raw
		}
		payload := make([]byte, h.Length)
		io.ReadFull(r, payload)
		conn.Write(append(wire.Header{Fin: true, Opcode: h.Opcode, Masked: true, Length: h.Length}.Append(nil), payload...))
	}
}

// connect opens a connection that can end in one direction.
func (l pipeListener) connect() net.Conn {
	conn, err := l.dial(l.ctx)
	if err != nil {
		panic(err)
	}
	return conn
}

// incoming serves in a bubble, until the test in it is over.
func incoming(t *testing.T, test func(t *testing.T, in *Incoming, ln pipeListener)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ln := listenInMemory(ctx)
		in := NewIncoming(ln, Options{})
		served := make(chan error)
		go func() { served <- in.Serve(ctx) }()
		test(t, in, ln)
		cancel()
		if err := <-served; err != context.Canceled {
			t.Errorf("serving ended with %v", err)
		}
	})
}

func TestIncoming(t *testing.T) {
	incoming(t, func(t *testing.T, in *Incoming, ln pipeListener) {
		answers := make(chan string)
		go func() {
			for range 3 {
				time.Sleep(5 * time.Second)
				answers <- comes(ln.connect())
			}
		}()
		for range 3 {
			met := make(chan Encounter)
			go func() {
				met <- meetText(t, in, "response X-Edited: \"yes\"\nsend text \"x\"\nreply text \"x\"\nclose 1000", Options{})
			}()
			answer, e := <-answers, <-met
			if heardText(e) != "text x|close \x03\xe8|" || e.Request.Target != "/any/path" || e.Refusal != nil || e.Ours {
				t.Errorf("%+v", e)
			}
			if !strings.Contains(answer, "X-Edited: yes") || !strings.HasPrefix(string(e.Writes[0]), answer) {
				t.Errorf("the device got %q of %q", answer, e.Writes)
			}
		}
	})
}

// A device that does not come is waited for, and no longer.
func TestIncomingAway(t *testing.T) {
	incoming(t, func(t *testing.T, in *Incoming, ln pipeListener) {
		in.Wait = 7 * time.Second
		e := meetText(t, in, "close 1000", Options{})
		if e.Refusal == nil || !e.Refusal.Refused || !e.Refusal.Unreached || e.Took != 7*time.Second {
			t.Errorf("refusal %+v after %v", e.Refusal, e.Took)
		}
	})
}

// A connection that the device has left while it had to wait is not handed out.
func TestIncomingLeft(t *testing.T) {
	incoming(t, func(t *testing.T, in *Incoming, ln pipeListener) {
		leaves := ln.connect()
		leaves.Write(handshake.NewRequest("bench", "/", "dGhlIHNhbXBsZSBub25jZQ==").Append(nil))
		time.Sleep(time.Minute)
		leaves.Close()
		go func() { comes(ln.connect()) }()
		if e := meetText(t, in, "close 1000", Options{}); heardText(e) != "close \x03\xe8|" {
			t.Errorf("%+v", e)
		}
	})
}

// Whoever else connects, and whatever is said instead of a request, the device is
// heard, and nobody is taken for it.
func TestIncomingHostile(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in := NewIncoming(on, Options{Profile: conformance.Profile{Patience: 50 * time.Millisecond}})
	served := make(chan error)
	go func() { served <- in.Serve(ctx) }()
	dialFrom := func(host string) net.Conn {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
		conn, err := d.Dial("tcp", on.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(20 * time.Second)) // only for a test that hangs
		return conn
	}
	for _, said := range []string{"", "\x16\x03\x01\x02\x00", "GET / HTTP/1.1\r\n\r\n", "GET " + strings.Repeat("/", 1<<17), "\r\n", "POST /"} {
		conn := dialFrom("127.0.0.1")
		io.WriteString(conn, said)
	}
	go comes(dialFrom("127.0.0.1"))
	if e := meetText(t, in, "close 1000", Options{}); heardText(e) != "close \x03\xe8|" {
		t.Errorf("%+v", e)
	}
	if got := comes(dialFrom("127.0.0.2")); !strings.HasPrefix(got, "HTTP/1.1 503") {
		t.Errorf("a stranger got %q", got)
	}
	cancel()
	<-served // every connection is over
}
