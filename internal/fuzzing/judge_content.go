package fuzzing

import (
	"errors"
	"strings"

	"wsprobe/internal/handshake"
)

// errContent is a request with content. It is lawful: "A client cannot begin using an
// upgraded protocol on the connection until it has completely sent the request
// message" (RFC 9110 §7.8) says that the protocol changes behind the content. To
// refuse it is right as well: content of a GET "might lead some implementations to
// reject the request" (RFC 9110 §9.3.1). What becomes of frames behind it is not
// judged: servers that answer all the same do it in odd ways.
var errContent = errors.New("the request has content")

// content returns whether a request has content, and whether a server has to refuse
// it because nobody can tell where that ends; nil if it has none.
func content(h handshake.Header) error {
	if codings := h.List("Transfer-Encoding"); len(codings) > 0 {
		if last := codings[len(codings)-1]; !strings.EqualFold(last, "chunked") {
			// "the message body length cannot be determined reliably; the server MUST
			// respond with the 400 (Bad Request) status code"
			return handshake.Violation{Row: "CRQ-01", Clause: "RFC 9112 §6.3", Detail: "chunked is not the last of Transfer-Encoding", Fatal: true}
		}
		return errContent
	}
	lengths := h.List("Content-Length")
	for _, length := range lengths {
		if strings.Trim(length, "0123456789") != "" || length != lengths[0] {
			// "the message framing is invalid and the recipient MUST treat it as an
			// unrecoverable error"
			return handshake.Violation{Row: "CRQ-01", Clause: "RFC 9112 §6.3", Detail: "Content-Length is no number", Fatal: true}
		}
	}
	if len(lengths) == 0 || strings.Trim(lengths[0], "0") == "" {
		return nil
	}
	return errContent
}
