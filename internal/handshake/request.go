package handshake

import (
	"bufio"
	"fmt"
	"strings"
)

// Request is the client's half of an opening handshake.
type Request struct {
	Method string // "GET"
	Target string // "/chat?id=1"
	Proto  string // "HTTP/1.1"; empty if the request line has no version
	Header Header

	// Raw is the head octet for octet as [ReadRequest] read it; empty in a
	// Request made here. Append does not look at it, CheckRequest does.
	Raw string
}

// NewRequest returns the ordinary request of RFC 6455 §4.1 and nothing beyond:
// no Origin, no User-Agent, because small devices have small buffers. host is
// the Host field's value, with the port where it is not the default; target is
// path and query; for key see [NewKey].
func NewRequest(host, target, key string) Request {
	return Request{
		Method: "GET",
		Target: target,
		Proto:  "HTTP/1.1",
		Header: Header{
			{fieldHost, host},
			{fieldUpgrade, "websocket"},
			{fieldConnection, "Upgrade"},
			{fieldKey, key},
			{fieldVersion, "13"},
		},
	}
}

// Append appends the octets of the request to b: exactly what is there, lines
// ended by CRLF, and the blank line.
func (r Request) Append(b []byte) []byte {
	return appendHead(b, r.startLine(), r.Header, "\r\n")
}

// Edited returns the octets of the request after the edits, made in their order.
// What a peer may be taken to have understood is told by [ReadRequest].
func (r Request) Edited(edits ...Edit) []byte {
	return edited(r.startLine(), r.Header, edits)
}

// ReadRequest reads a request up to and including its blank line, at most limit
// octets, and leaves what follows in r. Time is bounded by the deadline of what
// r reads from.
//
// It reports what came, however illegal, and leaves judging to [CheckRequest].
// Errors, to be told by errors.Is and errors.As: io.EOF if nothing came,
// io.ErrUnexpectedEOF if the head ended early, [ErrHeadTooLarge], a
// *[SyntaxError] at the first octet that no request begins with (so TLS on a
// plain port is known at once), and those of r. With an error too the Request
// holds what came before it. Memory is at most some twenty times the limit, for
// a head of nothing but the shortest lines.
func ReadRequest(r *bufio.Reader, limit int) (Request, error) {
	head, err := readHead(r, limit, beginsRequest)
	if err != nil {
		err = fmt.Errorf("request head: %w", err)
	}
	return parseRequest(head), err
}

func beginsRequest(start string) bool { return isTokenOctet(start[0]) }

func parseRequest(head string) Request {
	line, _, header := splitHead(head)
	r := Request{Header: header, Raw: head}
	r.Method, r.Target, _ = strings.Cut(line, " ")
	if i := strings.LastIndexByte(r.Target, ' '); i >= 0 && strings.HasPrefix(r.Target[i+1:], "HTTP/") {
		r.Target, r.Proto = r.Target[:i], r.Target[i+1:]
	}
	return r
}

// AsksForUpgrade tells an opening handshake, be it a broken one, from a browser
// that wants a page, or an Engine.IO client that polls.
func (r Request) AsksForUpgrade() bool {
	return r.Header.Values(fieldUpgrade) != nil || r.Header.Values(fieldKey) != nil
}

func (r Request) startLine() string {
	switch {
	case r.Proto != "":
		return r.Method + " " + r.Target + " " + r.Proto
	case r.Target != "":
		return r.Method + " " + r.Target
	default:
		return r.Method
	}
}
