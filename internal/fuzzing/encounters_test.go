package fuzzing

import (
	"strings"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// What went over a connection is told by the roles, whatever our half of the
// opening handshake begins with.
func TestConnectionIsInOrder(t *testing.T) {
	request, response := "POST / HTTP/1.1\r\nHost: h\r\n\r\n", "ICY 200 OK\r\n\r\n"
	e := runner.Encounter{Request: handshake.Request{Raw: request}, Response: handshake.Response{Raw: response},
		Heard: []runner.Heard{{Header: wire.Header{Fin: true, Opcode: wire.Text, Length: 2}, Payload: []byte("hi")}}}
	for device, c := range map[wire.Role]struct{ head, want string }{
		wire.Server: {request, "→" + request[:5] + " →" + request[5:] + " ←" + response + " →frame ←\x81\x02hi"},
		wire.Client: {response, "←" + request + " →" + response[:5] + " →" + response[5:] + " →frame ←\x81\x02hi"},
	} {
		e.Writes = [][]byte{[]byte(c.head[:5]), []byte(c.head[5:]), []byte("frame")}
		var got []string
		for _, s := range connection(e, device) {
			way := "←"
			if s.Sent {
				way = "→"
			}
			got = append(got, way+string(s.Octets))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: got %q, want %q", device, strings.Join(got, " "), c.want)
		}
	}
}
