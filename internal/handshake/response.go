package handshake

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
)

// Response is the server's half of an opening handshake, or its refusal. Of a
// refusal only the head is held; a body stays in the reader.
type Response struct {
	Proto  string // "HTTP/1.1"
	Status int    // 101; of a response that was read 0..999
	Reason string // "Switching Protocols"; may be empty
	Header Header

	// Raw is the head octet for octet as [ReadResponse] read it; empty in a
	// Response made here. Append does not look at it, CheckResponse does.
	Raw string
}

// NewResponse returns the ordinary 101 of RFC 6455 §4.2.2 to a request with that
// key, and nothing beyond.
func NewResponse(key string) Response {
	return Response{
		Proto:  "HTTP/1.1",
		Status: 101,
		Reason: "Switching Protocols",
		Header: Header{
			{fieldUpgrade, "websocket"},
			{fieldConnection, "Upgrade"},
			{fieldAccept, Accept(key)},
		},
	}
}

// Append appends the octets of the response to b: exactly what is there, lines
// ended by CRLF, and the blank line.
func (r Response) Append(b []byte) []byte {
	return appendHead(b, r.startLine(), r.Header, "\r\n")
}

// Edited returns the octets of the response after the edits, made in their order.
func (r Response) Edited(edits ...Edit) []byte {
	return edited(r.startLine(), r.Header, edits)
}

// ReadResponse reads a response up to and including its blank line, at most
// limit octets, and leaves what follows in r. Time is bounded by the deadline of
// what r reads from.
//
// It reports what came and leaves judging to [CheckResponse]. Errors, to be told
// by errors.Is and errors.As: io.EOF if nothing came, io.ErrUnexpectedEOF if the
// head ended early, [ErrHeadTooLarge], a *[SyntaxError] for what does not begin
// with "HTTP/" (told at the first wrong octet) or has no status of three digits,
// and those of r. With an error too the Response holds what came before it.
// Memory is bounded as for [ReadRequest].
func ReadResponse(r *bufio.Reader, limit int) (Response, error) {
	head, err := readHead(r, limit, beginsResponse)
	response, ok := parseResponse(head)
	if err == nil && !ok {
		start, offset, _ := splitHead(head)
		err = &SyntaxError{Line: lineAt(head, offset), Offset: offset, Fault: "no status in " + quote(start)}
	}
	if err != nil {
		err = fmt.Errorf("response head: %w", err)
	}
	return response, err
}

func beginsResponse(start string) bool {
	return strings.HasPrefix(start, "HTTP/") || strings.HasPrefix("HTTP/", start)
}

func parseResponse(head string) (r Response, ok bool) {
	line, _, header := splitHead(head)
	r = Response{Header: header, Raw: head}
	proto, rest, _ := strings.Cut(line, " ")
	status, reason, _ := strings.Cut(rest, " ")
	if !isStatus(status) {
		return r, false
	}
	r.Proto, r.Reason = proto, reason
	r.Status, _ = strconv.Atoi(status)
	return r, true
}

// startLine has the SP before the reason phrase even if there is none, as RFC
// 9112 §4 asks.
func (r Response) startLine() string {
	return fmt.Sprintf("%s %03d %s", r.Proto, r.Status, r.Reason)
}
