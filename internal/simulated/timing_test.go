package simulated

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// How long a device waits for what does not come, and what it says then.
func TestPatience(t *testing.T) {
	const never = 24 * time.Hour
	for name, c := range map[string]struct {
		play func(net.Conn)
		sent string // after which nothing comes
		last string // what the device says last, in hex
		wait time.Duration
	}{
		"arduino, request":     {playArduino, request[:40], "", 5 * time.Second},
		"arduino, idle":        {playArduino, request, "", never},
		"arduino, header":      {playArduino, request + "\x81", "880203ea", 5 * time.Second},
		"arduino, payload":     {playArduino, request + "\x81\x85\x00\x00\x00\x00abc", "880203ea", 5 * time.Second},
		"microwebsrv, request": {playMicrowebsrv, request[:40], "", 2 * time.Second},
		"microwebsrv, idle":    {playMicrowebsrv, request, "8800", time.Hour},
		"micropython, request": {playMicropython, request[:40], "", never},
		"micropython, idle":    {playMicropython, request + "\x81", "", never},
		"simple, request":      {playSimpleWebsockets, request[:40], "", never},
		"simple, idle":         {playSimpleWebsockets, request + "\x81", "", never},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host, device := net.Pipe()
				over := make(chan time.Time, 1)
				go func() {
					c.play(device)
					device.Close()
					over <- time.Now()
				}()
				said := make(chan []byte, 1)
				go func() {
					octets, _ := io.ReadAll(host)
					said <- octets
				}()
				if _, err := io.WriteString(host, c.sent); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				time.AfterFunc(never, func() { host.Close() })
				if took := (<-over).Sub(start); took != c.wait {
					t.Errorf("took %v, want %v", took, c.wait)
				}
				octets, last := <-said, c.last
				if got := cut(octets[max(0, len(octets)-len(last)/2):]); got != last && last != "" {
					t.Errorf("last came %s, want %s", got, last)
				}
			})
		})
	}
}
