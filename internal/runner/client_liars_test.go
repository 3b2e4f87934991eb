package runner

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"wsprobe/internal/conformance"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// comeBack is how long a client takes to connect again.
const comeBack = 50 * time.Millisecond

// device is a client that has one URL: visit plays a connection, and atOnce of
// them are open at any time.
type device struct {
	visit  func(context.Context, pipeListener)
	atOnce int
}

// clientResults plays cases with a device, in a bubble, until it has played all
// or has connected twice as often: one whose requests are refused never gets to
// play.
func clientResults(t *testing.T, cases []conformance.Case, d device) (all []conformance.Result) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		on := listenInMemory(ctx)
		for range d.atOnce {
			go func() {
				defer cancel()
				for range 2 * len(cases) {
					d.visit(ctx, on)
					if pause(ctx, comeBack); on.ctx.Err() != nil {
						break
					}
				}
			}()
		}
		listener := &Listener{Cases: cases, Options: Options{Seed: 1, Messages: rally}, Log: func(string, ...any) {}}
		for h, err := range listener.Serve(ctx, on) {
			if err == nil {
				h.Result.Transcript = nil
				all = append(all, h.Result)
			}
		}
	})
	return all
}

// lying is the device that a liar is.
func lying(c liar.Client) device {
	return device{func(ctx context.Context, on pipeListener) {
		conn, err := on.dial(ctx)
		if err != nil {
			return
		}
		defer conn.Close()
		defer context.AfterFunc(ctx, func() { conn.Close() })()
		c.Play(conn)
	}, c.AtOnce}
}

// echoing is a visit of a client that shares no code with what is tested. The
// library does not look at text, and so that is done here, as octets arrive.
func echoing(ctx context.Context, on pipeListener) {
	transport := &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return on.dial(ctx) }}
	defer transport.CloseIdleConnections()
	ask := &http.Client{Transport: transport, // which would follow a redirect with the same key
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	c, _, err := websocket.Dial(ctx, "ws://wsprobe:9001/", &websocket.DialOptions{HTTPClient: ask})
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(64 << 20)
	for {
		kind, message, err := readChecked(ctx, c)
		if err != nil || c.Write(ctx, kind, message) != nil {
			return
		}
	}
}

var errNotUTF8 = errors.New("text that is not UTF-8")

// readChecked reads a message, and fails the connection at the first octet that
// makes it no text (RFC 6455 §8.1).
func readChecked(ctx context.Context, c *websocket.Conn) (websocket.MessageType, []byte, error) {
	kind, r, err := c.Reader(ctx)
	var message []byte
	checked := 0
	for piece := make([]byte, 32<<10); err == nil; {
		var n int
		n, err = r.Read(piece[:min(len(piece), 1+len(message)>>6)]) // which waits for all of it
		message = append(message, piece[:n]...)
		for kind == websocket.MessageText && checked < len(message) && (err == io.EOF || utf8.FullRune(message[checked:])) {
			char, size := utf8.DecodeRune(message[checked:])
			if char == utf8.RuneError && size == 1 {
				_ = c.Close(websocket.StatusInvalidFramePayloadData, "")
				return kind, nil, errNotUTF8
			}
			checked += size
		}
	}
	if err == io.EOF {
		err = nil
	}
	return kind, message, err
}

// lenientCoder are the verdicts of the library that is right in all else.
var lenientCoder = map[string]conformance.Verdict{
	"CRV.13.3": conformance.NonStrict, // it takes HTTP/1.0
	"CRV.14.*": conformance.NonStrict, // it looks at the first of two answers
	"CRV.16.2": conformance.Failed,    // an empty subprotocol is none
	"CRV.20.5": conformance.NonStrict, // it takes heads of up to 10 MiB
	"FRG.12.*": conformance.Failed,    // it takes the end of TCP for that of a message
	"LEN.3.*":  conformance.NonStrict, // it puts up with lengths that are not minimal
	"LEN.4.2":  conformance.NonStrict,
	"LEN.4.3":  conformance.NonStrict,
	"MSK.3.*":  conformance.Failed, // it takes off masks whoever sends them
	"7.5.1":    conformance.Failed, // it does not look at the reason of a close
	"CLS.21":   conformance.Failed, // and gives it back
}

// clientCases are the cases that a client can play, but for compression.
func clientCases() (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if c.Fits(wire.Client) && !c.Needs().Deflate && c.ID.Group() != "PMD" {
			cases = append(cases, c)
		}
	}
	return cases
}

// casesFor are those that may tell something of a liar: a lie about the opening
// handshake shows in few messages, and one about frames once it is over.
func casesFor(c liar.Client) (cases []conformance.Case) {
	opening := slices.ContainsFunc(liar.Opening(), func(o liar.Client) bool { return o.Name == c.Name })
	for _, one := range clientCases() {
		switch group := one.ID.Group(); group {
		case "CRQ", "CRV":
			if !opening {
				continue
			}
		case "3", "4", "5", "6", "7", "9", "10":
			if opening {
				continue
			}
		}
		cases = append(cases, one)
	}
	return cases
}

// rightClient are the results of a client that breaks no rule, but for what the
// library does not look at.
func rightClient(t *testing.T) map[conformance.ID]conformance.Result {
	right := map[conformance.ID]conformance.Result{}
	for _, r := range clientResults(t, clientCases(), device{echoing, 1}) {
		right[r.Case.ID] = r
		allowed := conformance.Informational
		for pattern, v := range lenientCoder {
			if r.Case.ID.Matches(pattern) {
				allowed = v
			}
		}
		if r.Worse() > allowed {
			t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
		}
	}
	return right
}

// Every client that breaks one rule fails exactly the cases, and the rows that are
// judged on all connections, that ask for it; every case and row that can fail
// does so against one of them.
func TestClientLiars(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole suite with every liar")
	}
	right := rightClient(t)
	set := liarSet{file: "testdata/client_liars.txt", right: map[conformance.ID]conformance.Result{}}
	for _, r := range clientResults(t, clientCases(), lying(liar.LawfulClients()[0])) {
		set.right[r.Case.ID] = r // how a case ends that the RFC leaves open is for each peer to choose
	}
	for _, c := range liar.Clients() {
		set.add(c.Name, func(t *testing.T) []conformance.Result {
			return clientResults(t, playable(casesFor(c), c.Name, right), lying(c))
		})
	}
	for _, c := range clientCases() {
		if canFail(right[c.ID]) {
			set.wanted = append(set.wanted, c)
		}
	}
	for _, row := range conformance.Observed(wire.Client) {
		set.wanted = append(set.wanted, conformance.Case{ID: row.Result(), Title: row.Title()})
	}
	set.test(t)
}

// What is lawful fails nothing in a client either.
func TestLawfulClients(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole suite with several clients")
	}
	right := rightClient(t)
	for _, c := range liar.LawfulClients() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			got := clientResults(t, playable(clientCases(), c.Name, right), lying(c))
			if len(got) < len(playable(clientCases(), c.Name, right)) {
				t.Errorf("%d results", len(got))
			}
			for _, r := range got {
				if r.Worse() >= conformance.NonStrict {
					t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
				}
			}
		})
	}
}
