package runner

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
)

// Names that one address makes up keep nobody out, least of all who is expected.
func TestRosterRoom(t *testing.T) {
	r := newRoster(conformance.Catalogue()[:1], []string{"board"})
	play := func(agent, host string) bool {
		_, turn := r.next(agent, host, false, func() bool { return false })
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

// A case that a device asks for by its number is none of those in turn: the end of
// one leaves the other to be played.
func TestRosterBoth(t *testing.T) {
	r := newRoster(conformance.Catalogue()[:2], nil)
	here := func() bool { return true } // who would wait has left
	inTurn, _ := r.next("board", "10.0.0.1", false, here)
	r.begin("board", "10.0.0.1", r.cases[1])
	r.end("board", r.cases[1].ID, conformance.OK)
	if _, turn := r.next("board", "10.0.0.1", false, here); turn != turnLeft {
		t.Errorf("another is played beside %s: %d", inTurn.ID, turn)
	}
}

// A device that is connected is not idle, however often it has come.
func TestRosterIdle(t *testing.T) {
	r := newRoster(conformance.Catalogue()[:1], nil)
	for range 2 * maxGaps {
		r.next("board", "10.0.0.1", false, func() bool { return false })
		r.leave("board")
		r.end("board", r.cases[0].ID, 0)
	}
	r.next("board", "10.0.0.1", false, func() bool { return false })
	if idle := r.idle("board"); idle > 0 {
		t.Errorf("idle for %v", idle)
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

// A connection that the device has given up while it waited for its turn plays
// nothing; the one after it does.
func TestImpatientDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		on := listenInMemory(ctx)
		ask := func() net.Conn {
			conn, err := on.dial(ctx)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: wsprobe:9001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
				"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n")
			go io.Copy(io.Discard, conn)
			return conn
		}
		go func() {
			ask() // plays the first case, which takes a second
			time.Sleep(100 * time.Millisecond)
			waiting := ask()
			time.Sleep(100 * time.Millisecond)
			waiting.Close()
			time.Sleep(100 * time.Millisecond)
			ask()
		}()
		quiet := conformance.Script{conformance.Quiet(time.Second), conformance.Drop()}
		l := &Listener{Cases: []conformance.Case{{ID: "1", Script: quiet}, {ID: "2", Script: quiet}}, Log: t.Logf}
		for h, err := range l.Serve(ctx, on) {
			if err != nil || !h.Result.OfRow() && h.Result.Worse() != conformance.OK {
				t.Errorf("%s: %v: %s %v", h.Result.Case.ID, h.Result.Behavior, h.Result.Reason, err)
			}
		}
	})
}
