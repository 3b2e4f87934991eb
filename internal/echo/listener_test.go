package echo

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// Who comes when all places are taken is refused; who has one is served, and a
// place that gets free is given away.
func TestMaxConnections(t *testing.T) {
	const most, more = 20, 300
	var log writeLog
	address := serve(t, Options{MaxConnections: most, Log: &log})
	var served []*client
	for range most {
		served = append(served, open(t, address, "/"))
	}
	for range more {
		c := dial(t, address)
		// The refusal, or a reset that was faster.
		if answer, _ := io.ReadAll(c.in); len(answer) > 0 && string(answer) != refusal {
			t.Fatalf("got %q", answer)
		}
		_ = c.Close()
	}
	for _, c := range served {
		c.send(frame(finText, "x"))
		c.want(finText, "x")
	}
	if n := strings.Count(strings.Join(log.all(), ""), "Refused connections, as 20 are open\n"); n != 1 {
		t.Errorf("%d lines tell of the limit", n)
	}
	for _, c := range served[:most/2] {
		c.send(frame(closing, "\x03\xe8"))
		c.want(closing, "\x03\xe8")
		c.wantEnd()
		_ = c.Close()
	}
	_ = dial(t, address).Close() // neither with a request nor with a place
	for taken, end := 0, time.Now().Add(hang); taken < most/2; {
		c, err := net.Dial("tcp", address)
		if err != nil || time.Now().After(end) {
			t.Fatalf("%d places were given away, %v", taken, err)
		}
		if _, err := c.Write([]byte(strings.Replace(handshake, "%s", "/", 1))); err != nil {
			_ = c.Close()
			continue
		}
		answer := make([]byte, len(switching))
		if _, err := io.ReadFull(c, answer); err != nil || string(answer) != switching {
			_ = c.Close()
			continue // the end of one of those closed is not seen yet
		}
		defer c.Close()
		taken++
	}
}
