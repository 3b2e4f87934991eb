package witness

import (
	"bufio"
	"bytes"
	"errors"

	"wsprobe/internal/handshake"
)

// maxHead is the longest head that is collected, in octets.
const maxHead = 64 << 10

// A head collects the octets of a request or response up to its blank line, as
// they come.
type head struct {
	octets []byte
	line   int  // octets of the current line, its end aside
	last   byte // the last of them
	begun  bool // the start line has: empty lines may come before it (RFC 9112 §2.2)
}

// write takes octets up to and including the blank line. begins is set with the
// first octet of the start line, ends with the blank line.
func (h *head) write(b []byte) (n int, begins, ends bool) {
	for n < len(b) && len(h.octets)+n < maxHead {
		c := b[n]
		n++
		if c == '\n' {
			if h.begun && (h.line == 0 || h.line == 1 && h.last == '\r') {
				ends = true
				break
			}
			h.line = 0
			continue
		}
		h.line++
		h.last = c
		if c != '\r' && !h.begun {
			h.begun, begins = true, true
		}
	}
	h.octets = append(h.octets, b[:n]...)
	return n, begins, ends
}

func (h *head) full() bool { return len(h.octets) >= maxHead }

// beginsRequest reports whether a request may begin with what was collected.
func (h *head) beginsRequest() bool {
	_, err := handshake.ReadRequest(h.reader(), maxHead)
	return !errors.As(err, new(*handshake.SyntaxError))
}

// request reads what was collected, as far as it is a request.
func (h *head) request() handshake.Request {
	r, _ := handshake.ReadRequest(h.reader(), maxHead)
	return r
}

// response likewise; it reports false if it is no response.
func (h *head) response() (handshake.Response, bool) {
	r, err := handshake.ReadResponse(h.reader(), maxHead)
	return r, err == nil
}

func (h *head) reader() *bufio.Reader {
	return bufio.NewReaderSize(bytes.NewReader(h.octets), 64)
}
