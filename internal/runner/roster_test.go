package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
)

// Names that one address makes up keep nobody out, least of all who is expected.
func TestRosterRoom(t *testing.T) {
	r := newRoster(conformance.Catalogue()[:1], []string{"board"})
	play := func(agent, host string) bool {
		_, turn := r.next(agent, host, false)
		if turn == turnPlay {
			r.end(agent, r.cases[0].ID, conformance.OK)
		}
		return turn == turnPlay
	}
	let := 0
	for i := range 1000 {
		if play(fmt.Sprint("made up ", i), "10.0.0.1") {
			let++
		}
	}
	if let != maxOfHost {
		t.Errorf("%d of one address are let in", let)
	}
	for i := range 1000 {
		if play(fmt.Sprint("another ", i), fmt.Sprint("host ", i)) {
			let++
		}
	}
	if let != maxDevices+1 {
		t.Errorf("%d are let in", let)
	}
	if !play("board", "10.0.0.1") {
		t.Error("the one that is expected is not")
	}
}

// A case can be played again, but not without end: a client may follow a redirect
// to where it is.
func TestRosterAgain(t *testing.T) {
	r := newRoster(conformance.Catalogue()[:2], nil)
	played := 0
	for range 1000 {
		if r.begin("board", "10.0.0.1", r.cases[0]) == turnPlay {
			played++
			r.end("board", r.cases[0].ID, conformance.OK)
		}
	}
	if played != 1+maxAgain {
		t.Errorf("it is played %d times", played)
	}
	if r.begin("board", "10.0.0.1", r.cases[1]) != turnPlay {
		t.Error("the next case is not played")
	}
}

func TestDoors(t *testing.T) {
	d := newDoors()
	enter := func(host string, n int) (in int) {
		for range n {
			if d.enter(host) == "" {
				in++
			}
		}
		return in
	}
	if in := enter("10.0.0.1", 1000); in != maxOpen/2 {
		t.Errorf("%d of one address", in)
	}
	if in := enter("10.0.0.2", 10) + enter("10.0.0.3", 1000); in != maxOpen/2 {
		t.Errorf("%d of others", in)
	}
	for range 10 {
		d.leave("10.0.0.2")
	}
	if in := enter("10.0.0.1", 1) + enter("10.0.0.2", 20); in != 10 {
		t.Errorf("%d when 10 have left", in)
	}
	if len(d.of) != 3 {
		t.Errorf("%d addresses are kept", len(d.of))
	}
}

// A device that went before all was played is lost if time is up, and not if it
// was there a moment ago.
func TestLost(t *testing.T) {
	for name, tt := range map[string]struct {
		agents []string
		away   time.Duration
		want   bool
	}{
		"away for long":           {nil, time.Minute, true},
		"away for a moment":       {nil, time.Second, false},
		"expected, away for long": {[]string{"127.0.0.1"}, time.Minute, true},
		"not the one expected":    {[]string{"board"}, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.away)
				defer cancel()
				on := listenInMemory(ctx)
				go func() {
					conn, err := on.dial(ctx)
					if err != nil {
						return
					}
					io.WriteString(conn, "GET / HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
						"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n")
					conn.Close()
				}()
				var last error
				l := &Listener{Cases: conformance.Catalogue()[:2], Agents: tt.agents, Log: func(string, ...any) {}}
				for _, err := range l.Serve(ctx, on) {
					last = err
				}
				if errors.Is(last, ErrLost) != tt.want {
					t.Errorf("got %v", last)
				}
			})
		})
	}
}
