package fuzzing

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// A server for which a line ends in CR LF, and nothing else, is as right as one
// that takes LF for it: neither is to be blamed for where it finds the end of a
// request.
func TestJudgeLineEnds(t *testing.T) {
	for _, script := range []string{
		"request line \"X: y\\n\"\nsend text \"hello\"\nclose 1000",
		"request end \"\\n\"\nsend text \"hello\"\nclose 1000",
	} {
		s, err := conformance.ParseScript(script)
		if err != nil {
			t.Fatal(err)
		}
		for name, peer := range map[string]*runner.Dialer{"LF too": serveEcho(t), "CR LF": serveStrict(t)} {
			e := runner.Meet(t.Context(), peer, s, runner.Options{TimeScale: 0.05})
			if breaches := Judge(e, wire.Server, conformance.Profile{}); suspicious(breaches) {
				t.Errorf("%s, %q: %v", name, script, breaches)
			}
		}
	}
}

// A line that begins with a blank goes on with the one before. A server that does
// not know that answers another key than we see: to a request that is to be refused
// no answer is right, and to answer is all that it does wrong.
func TestJudgeFoldedKey(t *testing.T) {
	s, err := conformance.ParseScript("request Sec-WebSocket-Version as \" Sec-WebSocket-Version\"\nclose 1000")
	if err != nil {
		t.Fatal(err)
	}
	e := runner.Meet(t.Context(), serveStrict(t), s, runner.Options{})
	if breaches := Judge(e, wire.Server, conformance.Profile{}); len(breaches) != 1 || breaches[0].Kind != conformance.KindLenient {
		t.Errorf("%v", breaches)
	}
}

// serveStrict serves an echo of short frames that takes no LF for the end of a
// line.
func serveStrict(t *testing.T) *runner.Dialer {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { on.Close() })
	go func() {
		for {
			conn, err := on.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				var head []byte
				for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
					b, err := in.ReadByte()
					if err != nil {
						return
					}
					head = append(head, b)
				}
				_, after, _ := strings.Cut(string(head), "Sec-WebSocket-Key: ")
				key, _, _ := strings.Cut(after, "\r")
				io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+handshake.Accept(key)+"\r\n\r\n")
				for {
					h, err := wire.ReadHeader(in)
					if err != nil || h.Length > 125 {
						return
					}
					payload := make([]byte, h.Length)
					if _, err := io.ReadFull(in, payload); err != nil {
						return
					}
					wire.Mask(payload, h.Key, 0)
					h.Masked = false
					conn.Write(append(h.Append(nil), payload...))
					if h.Opcode == wire.Close {
						return
					}
				}
			}()
		}
	}()
	target, err := runner.ParseTarget(on.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return &runner.Dialer{Target: target}
}

// A client that goes when the response is not HTTP, without a word, does what it
// has to; if the response is as it should be it owes an answer.
func TestJudgeClientThatGoes(t *testing.T) {
	for script, owes := range map[string]bool{
		"response X: \"a\\x00b\"\nsend text \"hello\"\ndrop":   false,
		"response X: \"{x*16384}\"\nsend text \"hello\"\ndrop": false,
		"response X: \"y\"\nsend text \"hello\"\ndrop":         true,
	} {
		s, err := conformance.ParseScript(script)
		if err != nil {
			t.Fatal(err)
		}
		on, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		in := runner.NewIncoming(on, runner.Options{})
		served := make(chan error)
		go func() { served <- in.Serve(ctx) }()
		go func() {
			conn, err := net.Dial("tcp", on.Addr().String())
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
			io.Copy(io.Discard, conn)
		}()
		e := runner.Meet(ctx, in, s, runner.Options{})
		if breaches := Judge(e, wire.Client, conformance.Profile{}); suspicious(breaches) != owes {
			t.Errorf("%q: %v", script, breaches)
		}
		cancel()
		<-served
	}
}
