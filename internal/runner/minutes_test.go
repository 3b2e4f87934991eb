package runner

import (
	"bufio"
	"net"
	"testing"

	"wsprobe/internal/wire"
)

// What minutes keep of a frame that is no part of a message lies behind the octets
// of the message, where its next fragment goes.
func TestMinutesKeepUnlawful(t *testing.T) {
	ours, theirs := net.Pipe()
	conn := &timedConn{Conn: ours}
	s := newSession(conn, bufio.NewReader(conn), wire.Client, Opening{limit: 1 << 20, minutes: &minutes{}})
	s.start()
	var out []byte
	want := []string{"a message that leaves room behind it, for more", "b", "no continuation", "d", "e"}
	for i, first := range []byte{0x01, 0x00, 0x01, 0x00, 0x80} {
		out = append(append(out, first, byte(len(want[i]))), want[i]...)
	}
	if _, err := theirs.Write(out); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	s.reading.Wait()
	for i, h := range s.minutes.heard {
		if string(h.Payload) != want[i] {
			t.Errorf("frame %d: kept %q, the device sent %q", i, h.Payload, want[i])
		}
	}
	if got := string(s.minutes.heard[len(s.minutes.heard)-1].Message); got != want[0]+want[1]+want[3]+want[4] {
		t.Errorf("message %q", got)
	}
}
