package liar

import (
	"encoding/binary"
	"io"
	"slices"
	"time"

	"wsprobe/internal/handshake"
)

// authority is where a client believes that its server is.
const authority = "wsprobe:9001"

// maxInterim bounds how many interim responses a client passes over.
const maxInterim = 8

// keepClientRules are the rules of a client alone.
func (p *peer) keepClientRules() {
	p.open = p.sendRequest
	p.nonce = p.randomNonce
	p.request = func(*handshake.Request) {}
	p.write = func(head []byte) { _, _ = p.conn.Write(head) }
	p.answered = func() (handshake.Response, error) { return p.readAnswer(maxAnswer) }
	p.doubts = func(handshake.Response, handshake.Violation) bool { return true }
	p.trusts = func(handshake.Response) bool { return true }
	p.end = p.awaitEnd
}

// sendRequest begins the opening handshake, and says whether the connection is
// open: RFC 6455 §4.1.
func (p *peer) sendRequest() bool {
	request := handshake.NewRequest(authority, "/", handshake.NewKey(p.nonce()))
	p.request(&request)
	p.write(append(request.Append(nil), p.after...))
	_ = p.conn.SetReadDeadline(time.Now().Add(answerTime))
	response, err := p.answered()
	if err != nil {
		return false
	}
	_ = p.conn.SetReadDeadline(time.Time{})
	doubt := func(v handshake.Violation) bool { return p.doubts(response, v) }
	return p.trusts(response) && !slices.ContainsFunc(handshake.CheckResponse(response, request), doubt)
}

// readAnswer reads the final response, a head of so many octets at most: "A client MUST be able to parse one or
// more 1xx responses received prior to a final response" (RFC 9110 §15.2).
func (p *peer) readAnswer(most int) (response handshake.Response, err error) {
	for range maxInterim {
		response, err = handshake.ReadResponse(p.in, most)
		if err != nil || !interim(response) {
			break
		}
	}
	return response, err
}

func interim(r handshake.Response) bool { return r.Status/100 == 1 && r.Status != 101 }

// randomNonce: "a 16-byte value that has been selected randomly for each
// connection" (RFC 6455 §4.1).
func (p *peer) randomNonce() (nonce [16]byte) {
	binary.BigEndian.PutUint64(nonce[:8], p.random.Uint64())
	binary.BigEndian.PutUint64(nonce[8:], p.random.Uint64())
	return nonce
}

// awaitEnd leaves it to the server to end TCP first, as "the client SHOULD wait
// for the server to close the connection" (RFC 6455 §7.1.1), but not for ever.
func (p *peer) awaitEnd() {
	_ = p.conn.SetReadDeadline(time.Now().Add(closingTime))
	_, _ = io.Copy(io.Discard, p.in)
}
