package fuzzing

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// What leaks shows in several ways. What a finding says broke is what its script
// broke, not what that did before it was shrunk.
func TestReasonIsOfTheScript(t *testing.T) {
	script, err := conformance.ParseScript("send text \"marked\"\nsend ping \"b\"\nclose 1000")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		peer := &runner.Dialer{Target: runner.Target{Host: "device", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
			ours, theirs := pipe.New()
			go playLeaking(theirs)
			return ours, nil
		}}
		c := &Campaign{Peer: peer, Watch: wellWatch{}, Inputs: 2,
			Input: func(int) (conformance.Family, conformance.Script) { return conformance.FamilyMixed, script }}
		found := 0
		for p := range c.Run(t.Context()) {
			for _, f := range p.Findings {
				if f.Kind != conformance.KindLeak {
					continue // the pong that it owes
				}
				found++
				if pings := strings.Contains(f.Script.String(), "ping"); pings != strings.Contains(f.Rule, "pong") || pings != strings.Contains(f.Detail, "pong") {
					t.Errorf("%s: %s\n%v", f.Rule, f.Detail, f.Script)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d findings of a leak", found)
		}
	})
}

// playLeaking is a server that answers with what it was not sent, unless it is asked
// whether all is well.
func playLeaking(conn net.Conn) {
	defer conn.Close()
	in, ok := opened(conn)
	if !ok {
		return
	}
	for {
		h, err := wire.ReadHeader(in)
		if err != nil {
			return
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(in, payload); err != nil {
			return
		}
		wire.Mask(payload, h.Key, 0)
		switch {
		case h.Opcode == wire.Close:
			io.WriteString(conn, frame(wire.Close, string(payload)))
			return
		case h.Opcode == wire.Ping:
			io.WriteString(conn, frame(wire.Pong, "0123456789"))
		case bytes.HasPrefix(payload, []byte("all well")):
			io.WriteString(conn, frame(wire.Text, string(payload)))
		default:
			io.WriteString(conn, frame(wire.Text, "9876543210"))
		}
	}
}
