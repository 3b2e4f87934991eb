package fuzzing

import (
	"context"
	"net"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// serveEcho serves the echo server on a port of loopback.
func serveEcho(t testing.TB) *runner.Dialer {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- echo.Serve(ctx, on, echo.Options{}) }()
	t.Cleanup(func() { cancel(); <-done })
	target, err := runner.ParseTarget(on.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return &runner.Dialer{Target: target}
}

// The cases of the catalogue, met without expectations, break no invariant of a
// right server's, but for what the library puts up with.
func TestRightServerBreaksNothing(t *testing.T) {
	peer := serveEcho(t)
	for _, c := range conformance.Catalogue() {
		if !c.Fits(wire.Server) || c.Needs().Message > 1<<16 || c.Needs().Pause > 0 {
			continue
		}
		e := runner.Meet(t.Context(), peer, c.Script, runner.Options{Seed: 1, Name: string(c.ID), Messages: 4, Transcript: true})
		for _, b := range Judge(e, wire.Server, conformance.Profile{}) {
			if b.Kind == conformance.KindLenient {
				continue
			}
			t.Errorf("%s: %v %s: %s\n%v\n%v", c.ID, b.Kind, b.Rule, b.Detail, c.Script, e.Transcript)
		}
	}
}

// The same rule is broken by frames of any opcode, be it a reserved one or not.
func TestRuleIsOfNoOpcode(t *testing.T) {
	for _, h := range []wire.Header{{RSV: 4, Length: 126, Opcode: wire.Ping}, {RSV: 2, Length: 127, Opcode: 11}} {
		var rules []string
		for _, v := range wire.Check(h, wire.Client, wire.State{}) {
			if !strings.Contains(v.Detail, "with the reserved opcode") {
				rules = append(rules, rule(v.Row, v.Detail))
			}
		}
		const want = "FRM-14 a … frame with reserved bits … that no extension has defined; MSK-04 a … frame from a client without a mask; " +
			"CTL-13 a fragmented … frame; CTL-13 a … frame of … octets"
		if got := strings.Join(rules, "; "); got != want {
			t.Errorf("%v: %s, want %s", h, got, want)
		}
	}
}
