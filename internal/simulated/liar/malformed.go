package liar

import "wsprobe/internal/handshake"

// malformed is what may be so wrong with the request of a client that no server
// takes it: RFC 6455 §4.2.1.
var malformed = []lie{
	{"asks by POST", asks(func(r *handshake.Request) { r.Method = "POST" })},
	{"asks as HTTP/1.0", asks(func(r *handshake.Request) { r.Proto = "HTTP/1.0" })},
	{"asks for what is no path", asks(func(r *handshake.Request) { r.Target = "chat" })},
	{"asks for a path that is not escaped", asks(func(r *handshake.Request) { r.Target = "/100%" })},
	{"asks without Host", asksWithout("Host")},
	{"asks with two Hosts", asksAlso("Host", authority)},
	{"asks with a Host that is none", asksWith("Host", "http://"+authority+"/")},
	{"asks without Upgrade", asksWithout("Upgrade")},
	{"asks for an upgrade to h2c", asksWith("Upgrade", "h2c")},
	{"asks without Connection", asksWithout("Connection")},
	{"asks with Connection: keep-alive", asksWith("Connection", "keep-alive")},
	{"asks without a key", asksWithout("Sec-WebSocket-Key")},
	{"asks with keys of 8 octets", asksWithKey(func(key string) string { return key[:10] + "A=" })},
	{"asks with keys of 24 octets", asksWithKey(func(key string) string { return key[:20] + key[:12] })},
	{"asks with keys that are not base64", asksWithKey(func(key string) string { return "!" + key[1:] })},
	{"asks without a version", asksWithout("Sec-WebSocket-Version")},
	{"asks for version 8", asksWith("Sec-WebSocket-Version", "8")},
	{"offers a subprotocol with a blank", asksAlso("Sec-WebSocket-Protocol", "my board")},
	{"offers an empty subprotocol", asksAlso("Sec-WebSocket-Protocol", "")},
	{"offers extensions without grammar", asksAlso("Sec-WebSocket-Extensions", "permessage-deflate;;")},
	{"offers no extensions in a header of their own", asksAlso("Sec-WebSocket-Extensions", "")},
}

// asksWithKey is a lie about how the key is written.
func asksWithKey(change func(key string) string) func(*peer) {
	return asks(func(r *handshake.Request) {
		setField(r.Header, "Sec-WebSocket-Key", change(r.Header.Get("Sec-WebSocket-Key")))
	})
}
