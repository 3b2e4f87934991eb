package fuzzing

import (
	"bufio"
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// judged plays a script on a server, and returns what that breaks, and the kinds of
// it.
func judged(t *testing.T, script string, d sayer) (kinds []string, breaches []Breach) {
	t.Helper()
	s, err := conformance.ParseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		peer := &runner.Dialer{Target: runner.Target{Host: "device", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
			ours, theirs := pipe.New()
			go d.play(theirs)
			return ours, nil
		}}
		breaches = Judge(runner.Meet(t.Context(), peer, s, runner.Options{}), wire.Server, conformance.Profile{})
		time.Sleep(time.Hour) // for one that stays
	})
	for _, b := range breaches {
		kinds = append(kinds, b.Kind.String())
	}
	return kinds, breaches
}

// sayer is a server that says something when it has read a Close frame, or what else
// there is, and then ends TCP, unless it stays. Where a header is not complete it
// waits for the rest.
type sayer struct {
	says  string
	stays bool
}

// opened has the opening handshake of a server, and returns what comes then.
func opened(conn net.Conn) (*bufio.Reader, bool) {
	in := bufio.NewReader(conn)
	request, err := handshake.ReadRequest(in, maxHead)
	if err != nil {
		return nil, false
	}
	_, err = conn.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
	return in, err == nil
}

// play serves a connection so.
func (d sayer) play(conn net.Conn) {
	defer conn.Close()
	in, ok := opened(conn)
	if !ok {
		return
	}
	for {
		h, err := wire.ReadHeader(in)
		if err != nil {
			break
		}
		if _, err := io.CopyN(io.Discard, in, int64(h.Length)); err != nil || h.Opcode == wire.Close && h.Fin {
			break
		}
	}
	if io.WriteString(conn, d.says); d.stays {
		time.Sleep(time.Minute)
	}
}

// closeFrame is a Close frame of a server's.
func closeFrame(code wire.StatusCode, reason string) string {
	payload := append([]byte{byte(code >> 8), byte(code)}, reason...)
	return string(wire.Header{Fin: true, Opcode: wire.Close, Length: uint64(len(payload))}.Append(nil)) + string(payload)
}
