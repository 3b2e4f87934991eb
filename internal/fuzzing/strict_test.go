package fuzzing

import (
	"bufio"
	"bytes"
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
				_, after, _ := strings.Cut(string(head), fieldKey+": ")
				key, _, _ := strings.Cut(after, "\r")
				io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+fieldAccept+": "+handshake.Accept(key)+"\r\n\r\n")
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
