package simulated

import (
	"bufio"
	"io"
	"net"
	"time"

	"wsprobe/internal/handshake"
)

// maxHead bounds a request in octets; more ends the connection.
const maxHead = 8 << 10

// readRequest reads the client's half of the opening handshake, within a time if
// that is not 0. The reader goes on where the request ended.
//
// That reader takes no octet before it is asked to: TCP ends in a reset when a
// device closes and has not read everything, and these devices often have not.
func readRequest(conn net.Conn, within time.Duration) (handshake.Request, io.Reader, error) {
	if within > 0 {
		_ = conn.SetReadDeadline(time.Now().Add(within))
	}
	buffered := bufio.NewReaderSize(conn, 16) // the smallest there is
	request, err := handshake.ReadRequest(buffered, maxHead)
	_ = conn.SetReadDeadline(time.Time{})
	rest := io.LimitReader(buffered, int64(buffered.Buffered()))
	return request, io.MultiReader(rest, conn), err
}

// impatient reads and gives up when no octet has come for so long.
type impatient struct {
	net.Conn
	in    io.Reader
	limit time.Duration
}

func (r impatient) Read(b []byte) (int, error) {
	_ = r.SetReadDeadline(time.Now().Add(r.limit))
	return r.in.Read(b)
}
