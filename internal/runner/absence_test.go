package runner

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
)

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
