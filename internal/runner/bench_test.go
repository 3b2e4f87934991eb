package runner_test

import (
	"net"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
)

// BenchmarkCase plays one echo case end to end: connection, opening handshake,
// a message there and back, closing handshake, and the question after the
// device's health, which is all of that but the message once more.
func BenchmarkCase(b *testing.B) {
	for _, id := range []string{"1.1.2", "1.1.7", "9.1.3"} {
		b.Run(id, func(b *testing.B) {
			on, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			go echo.Serve(b.Context(), on, echo.Options{})
			target, err := runner.ParseTarget(on.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			cases, err := conformance.Select(conformance.Catalogue(), id)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(2 * cases[0].Needs().Message))
			for b.Loop() {
				for r, err := range runner.Run(b.Context(), &runner.Dialer{Target: target}, cases, runner.Options{Seed: 1}) {
					if err != nil || !r.OfRow() && r.Worse() != conformance.OK {
						b.Fatalf("%v: %v: %s", err, r.Worse(), r.Reason)
					}
				}
			}
		})
	}
}
