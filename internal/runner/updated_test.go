package runner

import (
	"context"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
)

// A run that clients made for Autobahn have played ends when the answer to
// /updateReports is out, neither before nor after.
func TestEndsWhenUpdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		on := listenInMemory(ctx)
		visit := func(target, answer string) string {
			conn, err := on.dial(ctx)
			if err != nil {
				t.Error(err)
				return ""
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", target)
			time.Sleep(time.Second) // a device that takes its time
			go io.WriteString(conn, answer)
			said, _ := io.ReadAll(conn)
			conn.Close()
			return string(said)
		}
		updated := make(chan time.Time, 1)
		go func() {
			visit("/runCase?case=1&agent=x", "")
			said := visit("/updateReports?agent=x", "\x88\x80mask")
			updated <- time.Now()
			if len(said) < 2 || said[len(said)-2:] != "\x88\x00" {
				t.Errorf("/updateReports is answered with %q", said)
			}
		}()
		l := &Listener{Cases: []conformance.Case{{ID: "1", Script: conformance.Script{conformance.Drop()}}}, Log: t.Logf}
		for h, err := range l.Serve(ctx, on) {
			if err != nil {
				t.Error(h, err)
			}
		}
		if ended := time.Now(); ended != <-updated {
			t.Error("the run does not end when the answer is out")
		}
	})
}
