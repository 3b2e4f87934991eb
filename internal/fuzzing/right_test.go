package fuzzing

import (
	"context"
	"flag"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
	"wsprobe/internal/testee"
	"wsprobe/internal/wire"
)

// howMany is how many inputs right peers are sent. By night they are 100,000.
var howMany = flag.Int("inputs", 2000, "inputs to send to peers that are right")

// A right peer does nothing that is worse than to put up with something.
func TestRightServersDoNoHarm(t *testing.T) {
	t.Run("wsecho", func(t *testing.T) { harmless(t, serveEcho(t)) })
	if testing.Short() {
		t.Skip("builds and fuzzes servers of several libraries")
	}
	for _, library := range []string{"coder", "gorilla"} {
		t.Run(library, func(t *testing.T) { harmless(t, testeeOn(t, library)) })
	}
}

// testeeOn is a server of the nested module.
func testeeOn(t *testing.T, library string) *runner.Dialer {
	t.Helper()
	target, err := runner.ParseTarget(testee.Serve(t, testee.Command(t, "server", "-lib", library, "-addr", "127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	return &runner.Dialer{Target: target}
}

func TestRightClientDoesNoHarm(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in := runner.NewIncoming(on, runner.Options{})
	served := make(chan error, 2)
	go func() { served <- in.Serve(ctx) }()
	go func() {
		for ctx.Err() == nil {
			echoOnce(ctx, "ws://"+on.Addr().String())
		}
		served <- nil
	}()
	harmless(t, in)
	cancel()
	<-served
	<-served
}

// echoOnce is a client of a library that echoes until its connection is over.
func echoOnce(ctx context.Context, url string) {
	ask := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, // which would follow a redirect with the same key
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer ask.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: ask})
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(1 << 20)
	for {
		kind, message, err := c.Read(ctx)
		if err != nil || c.Write(ctx, kind, message) != nil {
			return
		}
	}
}

// harmless sends inputs to a peer and wants no finding above LENIENT.
func harmless(t *testing.T, peer runner.Peer) {
	t.Helper()
	device := peer.Role().Peer()
	source := sourceOf(t, inputs.Target{Device: device})
	o := runner.Options{Seed: 7, Parallel: 2}
	if device == wire.Client {
		o.Parallel = 1
	}
	c := &Campaign{Peer: peer, Watch: wellWatch{}, Options: o, Seed: 7, Inputs: *howMany,
		Input: func(n int) (conformance.Family, conformance.Script) { return source.Input(7, n) }}
	began, n := time.Now(), 0
	for p, err := range c.Run(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, f := range p.Findings {
			if f.Kind > conformance.KindLenient {
				t.Errorf("%v, input %d, %d of %d: %s: %s\n%v\n%v", f.Kind, f.N, f.Times, f.Tries, f.Rule, f.Detail, f.Script, f.Transcript)
			}
		}
	}
	if n < *howMany {
		t.Errorf("%d of %d inputs were played", n, *howMany)
	}
	t.Logf("%.0f inputs/s", float64(n)/time.Since(began).Seconds())
}

// wellWatch is over a device that is always well.
type wellWatch struct{}

func (wellWatch) Health(context.Context) conformance.Health { return conformance.Alive }
func (wellWatch) Reset(context.Context)                     {}
func (wellWatch) Beside(context.Context) bool               { return true }
func (wellWatch) Heap() (float64, bool)                     { return 0, false }
