package liar

import (
	"slices"
	"strings"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// response is what may be wrong with what a server answers: RFC 6455 §4.2.2.
var response = []lie{
	{"answers as HTTP/1.0", responds(func(r *handshake.Response, _ handshake.Header) { r.Proto = "HTTP/1.0" })},
	{"answers 200", responds(func(r *handshake.Response, _ handshake.Header) { r.Status, r.Reason = 200, "OK" })},
	{"answers without Upgrade", drops("Upgrade")},
	{"answers without Connection", drops("Connection")},
	{"answers without Sec-WebSocket-Accept", drops("Sec-WebSocket-Accept")},
	{"answers with the key itself", responds(func(r *handshake.Response, to handshake.Header) {
		setField(r.Header, "Sec-WebSocket-Accept", to.Get("Sec-WebSocket-Key"))
	})},
	{"answers the sample key only", responds(func(r *handshake.Response, _ handshake.Header) {
		setField(r.Header, "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
	})},
	{"answers with Sec-WebSocket-Accept twice", responds(func(r *handshake.Response, _ handshake.Header) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Accept", Value: r.Header.Get("Sec-WebSocket-Accept")})
	})},
	{"speaks of a body", adds("Content-Length", "0")},
	{"answers with a subprotocol that nobody offered", adds("Sec-WebSocket-Protocol", "arduino")},
	{"answers with an empty subprotocol", adds("Sec-WebSocket-Protocol", "")},
	{"answers with all subprotocols in one line", responds(func(r *handshake.Response, to handshake.Header) {
		if offered := to.List("Sec-WebSocket-Protocol"); len(offered) > 0 {
			r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: strings.Join(offered, ", ")})
		}
	})},
	{"answers with a line for each subprotocol", responds(func(r *handshake.Response, to handshake.Header) {
		for _, offered := range to.List("Sec-WebSocket-Protocol") {
			r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: offered})
		}
	})},
	{"answers with an extension that nobody offered", adds("Sec-WebSocket-Extensions", "x-webkit-deflate-frame")},
	{"takes every extension that is offered", responds(func(r *handshake.Response, to handshake.Header) {
		for _, offered := range to.Values("Sec-WebSocket-Extensions") {
			r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: offered})
		}
	})},
	{"sends a page behind the 101", func(p *peer) { p.after = "hello" }},
	{"greets with a frame that is none", func(p *peer) { p.after = "\xf7\x00" }},

	{"refuses with 400 and no list of versions", refusesWith(func(r *handshake.Response) {
		r.Status, r.Reason = 400, "Bad Request"
		r.Header = without(r.Header, "Sec-WebSocket-Version")
	})},
	{"refuses and names other versions", refusesWith(func(r *handshake.Response) {
		setField(r.Header, "Sec-WebSocket-Version", "7, 8")
	})},
	{"refuses with 400 and a list of versions", refusesWith(func(r *handshake.Response) { r.Status, r.Reason = 400, "Bad Request" })},
	{"refuses and leaves TCP open", func(p *peer) {
		p.refuse = func(request handshake.Header) {
			p.end = p.wait
			p.refuseRequest(request)
		}
	}},
	{"refuses without a word", func(p *peer) { p.refuse = func(handshake.Header) { p.wait() } }},
}

// lawfulOpening is what a server may answer, however few do.
var lawfulOpening = []lie{
	{"refuses by ending TCP", func(p *peer) { p.refuse = func(handshake.Header) {} }},
	{"refuses with 404", refusesWith(func(r *handshake.Response) { r.Status, r.Reason = 404, "Not Found" })},
	{"splits its list of versions", refusesWith(func(r *handshake.Response) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Version", Value: "8"})
	})},
	{"greets behind the 101", func(p *peer) { p.after = string(wire.Header{Fin: true, Opcode: wire.Ping}.Append(nil)) }},
}

// responds is a lie about the 101.
func responds(change func(r *handshake.Response, to handshake.Header)) func(*peer) {
	return func(p *peer) { p.respond = change }
}

// adds is a lie that is one header line more in the 101.
func adds(name, value string) func(*peer) {
	return responds(func(r *handshake.Response, _ handshake.Header) {
		r.Header = append(r.Header, handshake.Field{Name: name, Value: value})
	})
}

// drops is a lie that is one header line less in the 101.
func drops(name string) func(*peer) {
	return responds(func(r *handshake.Response, _ handshake.Header) {
		r.Header = without(r.Header, name)
	})
}

// refusesWith is a lie about the answer to a request that is refused.
func refusesWith(change func(*handshake.Response)) func(*peer) {
	return func(p *peer) { p.refusal = change }
}

func setField(h handshake.Header, name, value string) {
	for i := range h {
		if h[i].Name == name {
			h[i].Value = value
		}
	}
}

func without(h handshake.Header, name string) handshake.Header {
	return slices.DeleteFunc(h, func(f handshake.Field) bool { return f.Name == name })
}
