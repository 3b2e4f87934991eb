package liar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// request is what may be wrong with the request of a client: RFC 6455 §4.1.
var request = []lie{
	{"asks with the fragment of its URI", asks(func(r *handshake.Request) { r.Target += "#top" })},
	{"asks with keys whose pad bits are not zero", asksWithKey(func(key string) string {
		return key[:21] + string(key[21]+1) + "==" // after A, Q, g or w: the next letter has the same octets
	})},
	{"asks with the sample key", asksWith("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")},
	{"asks with one key", func(p *peer) { p.nonce = func() [16]byte { return [16]byte{1, 2, 3} } }},
	{"asks with each key twice", func(p *peer) {
		p.nonce = func() [16]byte { return [16]byte{byte(p.connection / 2), byte(p.connection / 2 >> 8)} }
	}},
	{"asks with keys of digits", func(p *peer) {
		p.nonce = func() (nonce [16]byte) {
			copy(nonce[:], fmt.Sprintf("%016d", p.random.Uint64()%1e16))
			return nonce
		}
	}},
	{"leaves the port out of Host", asksWith("Host", strings.Split(authority, ":")[0])},
	{"asks with two keys", asksAlso("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA==")},
	{"asks for versions 13 and 8", asksAlso("Sec-WebSocket-Version", "8")},
	{"offers a subprotocol twice", asksAlso("Sec-WebSocket-Protocol", "arduino, arduino")},
	{"offers an extension of its own", asksAlso("Sec-WebSocket-Extensions", "x-board")},
	{"comes from an Origin that is none", asksAlso("Origin", "board")},
	{"asks in lines that end in LF", writes(func(head string) string { return strings.ReplaceAll(head, "\r\n", "\n") })},
	{"asks in folded lines", writes(func(head string) string { return strings.ReplaceAll(head, "Upgrade: ", "Upgrade:\r\n ") })},
	{"asks with a line without a colon", writes(func(head string) string { return strings.Replace(head, "\r\n\r\n", "\r\nboard\r\n\r\n", 1) })},
	{"sends a frame behind its request", func(p *peer) { p.after = string(p.heartbeat()) }},
	{"sends a frame when the response is late", func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			_ = p.conn.SetReadDeadline(time.Now().Add(impatience))
			if _, err := p.in.Peek(1); err != nil {
				_, _ = p.conn.Write(p.heartbeat())
			}
			_ = p.conn.SetReadDeadline(time.Now().Add(answerTime))
			return p.readAnswer(maxAnswer)
		}
	}},
}

// impatience is how long a client that does not wait for the response does.
const impatience = 200 * time.Millisecond

// heartbeat is a pong that nobody asked for.
func (p *peer) heartbeat() []byte {
	payload := []byte("a heartbeat, which answers no ping")
	h := wire.Header{Fin: true, Opcode: wire.Pong, Masked: true, Key: p.mask(), Length: uint64(len(payload))}
	wire.Mask(payload, h.Key, 0)
	return append(h.Append(nil), payload...)
}

// lawfulRequest is what a client may ask, and do with the answer, however few do.
var lawfulRequest = []lie{
	{"keeps every rule", func(*peer) {}},
	{"asks for a URI", asks(func(r *handshake.Request) { r.Target = "http://" + authority + "/" })},
	{"asks in lower case", asks(func(r *handshake.Request) {
		for i := range r.Header {
			r.Header[i].Name = strings.ToLower(r.Header[i].Name)
		}
		setField(r.Header, "upgrade", "WEBSOCKET")
		setField(r.Header, "connection", "keep-alive, upgrade")
	})},
	{"asks in reverse order", asks(func(r *handshake.Request) { slices.Reverse(r.Header) })},
	{"asks an octet a write", func(p *peer) {
		p.write = func(head []byte) {
			for i := range head {
				_, _ = p.conn.Write(head[i : i+1])
			}
		}
	}},
	{"offers what is not taken", asks(func(r *handshake.Request) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: "arduino, mqtt"},
			handshake.Field{Name: "Sec-WebSocket-Extensions", Value: `bbf-usp-protocol; level="1"`},
			handshake.Field{Name: "Origin", Value: "http://" + authority})
	})},
	{"gives up heads above 2 KiB", trusts(func(r handshake.Response) bool { return len(r.Raw) <= 2<<10 })},
	{"gives up more than 8 headers", trusts(func(r handshake.Response) bool { return len(r.Header) <= 8 })},
	{"ends TCP without waiting for the server", func(p *peer) { p.end = func() {} }},
}

// asks is a lie about the request.
func asks(change func(*handshake.Request)) func(*peer) {
	return func(p *peer) { p.request = change }
}

// asksWith is a request with another value of a header.
func asksWith(name, value string) func(*peer) {
	return asks(func(r *handshake.Request) { setField(r.Header, name, value) })
}

// asksWithout is a request with a header less.
func asksWithout(name string) func(*peer) {
	return asks(func(r *handshake.Request) { r.Header = without(r.Header, name) })
}

// asksAlso is a request with a header more.
func asksAlso(name, value string) func(*peer) {
	return asks(func(r *handshake.Request) { r.Header = append(r.Header, handshake.Field{Name: name, Value: value}) })
}

// writes is a lie about the octets of the request.
func writes(change func(head string) string) func(*peer) {
	return func(p *peer) { p.write = func(head []byte) { _, _ = p.conn.Write([]byte(change(string(head)))) } }
}
