package liar

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"wsprobe/internal/handshake"
)

// opening is what may be wrong with how a server takes a request: RFC 6455
// §4.2.1.
var opening = []lie{
	{"accepts any method", overlooks("CRQ-02", "method")},
	{"accepts any HTTP version", overlooks("CRQ-02", "HTTP version")},
	{"accepts a request without Host", overlooks("CRQ-04", "no Host")},
	{"accepts two Hosts", overlooks("CRQ-04", "2 Host")},
	{"ignores Upgrade", overlooks("CRQ-05", "")},
	{"ignores Connection", overlooks("CRQ-06", "")},
	{"finds websocket in longer words", takesRequest("CRQ-05", func(h handshake.Header) bool {
		return strings.Contains(h.Get("Upgrade"), "websocket")
	})},
	{"finds Upgrade in longer words", takesRequest("CRQ-06", func(h handshake.Header) bool {
		return strings.Contains(strings.ToLower(h.Get("Connection")), "upgrade")
	})},
	{"accepts a request without a key", overlooks("CRQ-07", "no ")},
	{"accepts any key", takesRequest("CRQ-07", func(h handshake.Header) bool { return h.Values("Sec-WebSocket-Key") != nil })},
	{"accepts keys of any length", takesRequest("CRQ-07", func(h handshake.Header) bool {
		key := h.Get("Sec-WebSocket-Key")
		return key != "" && !strings.ContainsAny(key, "!\x01")
	})},
	{"accepts two keys", overlooks("CRQ-13", "")},
	{"accepts a request without a version", overlooks("CRQ-09", "no ")},
	{"accepts any version", takesRequest("CRQ-09", func(h handshake.Header) bool { return h.Values("Sec-WebSocket-Version") != nil })},
	{"reads the version as a number", takesRequest("CRQ-09", func(h handshake.Header) bool {
		n, err := strconv.Atoi(strings.Split(h.Get("Sec-WebSocket-Version"), ",")[0])
		return err == nil && n == 13
	})},
	{"accepts old drafts", takesRequest("CRQ-09", func(h handshake.Header) bool {
		return slices.Contains([]string{"0", "7", "8"}, h.Get("Sec-WebSocket-Version"))
	})},
	{"accepts two versions", overlooks("CRQ-14", "")},
	{"does not look at the grammar of headers", overlooks("CRQ-01", "")},
	{"does not look at the grammar of extensions", overlooks("CRQ-11", "")},

	{"drops control octets from headers", rereads(func(head string) string { return strings.ReplaceAll(head, "\x01", "") })},
	{"drops blanks before colons", rereads(func(head string) string { return strings.ReplaceAll(head, " :", ":") })},

	{"refuses paths that begin with a dot", refusesRequest(func(r handshake.Request) bool { return strings.HasPrefix(r.Target, "/.") })},
	{"refuses absolute targets", refusesRequest(func(r handshake.Request) bool { return strings.Contains(r.Target, "://") })},
	{"refuses other casings of websocket", refusesRequest(func(r handshake.Request) bool {
		return !strings.Contains(r.Header.Get("Upgrade"), "websocket")
	})},
	{"refuses lists in Connection", refusesRequest(func(r handshake.Request) bool {
		return !strings.EqualFold(r.Header.Get("Connection"), "upgrade")
	})},
	{"refuses other casings of Upgrade", refusesRequest(func(r handshake.Request) bool {
		return !slices.Contains(r.Header.List("Connection"), "Upgrade")
	})},
	{"refuses lists in Upgrade", refusesRequest(func(r handshake.Request) bool {
		return !strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
	})},
	{"refuses header names in other cases", refusesRequest(func(r handshake.Request) bool {
		return !slices.ContainsFunc(r.Header, func(f handshake.Field) bool { return f.Name == "Sec-WebSocket-Key" })
	})},
	{"refuses Host in another place than the first", refusesRequest(func(r handshake.Request) bool {
		return len(r.Header) == 0 || !strings.EqualFold(r.Header[0].Name, "Host")
	})},
	{"refuses headers that it does not know", refusesRequest(func(r handshake.Request) bool { return r.Header.Get("X-Foo") != "" })},
	{"refuses offers of extensions", refusesRequest(func(r handshake.Request) bool {
		return r.Header.Values("Sec-WebSocket-Extensions") != nil
	})},
	{"refuses parameters in quotes", refusesRequest(func(r handshake.Request) bool {
		return strings.Contains(r.Header.Get("Sec-WebSocket-Extensions"), `"`)
	})},
	{"refuses keys whose pad bits are not zero", refusesRequest(func(r handshake.Request) bool {
		key := r.Header.Get("Sec-WebSocket-Key")
		return len(key) != 24 || !strings.ContainsRune("AQgw", rune(key[21]))
	})},
	{"expects the request in one read", func(p *peer) {
		p.head = func() (handshake.Request, error) {
			if _, err := p.in.Peek(1); err == nil {
				if _, err := p.in.Peek(p.in.Buffered()); err != nil {
					return handshake.Request{}, err
				}
			}
			all, _ := p.in.Peek(p.in.Buffered())
			request, err := handshake.ReadRequest(p.in, maxHead)
			if !strings.Contains(string(all), "\r\n\r\n") {
				request.Method = "" // half of it was not seen
			}
			return request, err
		}
	}},
	{"gives up a line that has not ended", func(p *peer) {
		head := p.head
		p.head = func() (handshake.Request, error) {
			if _, err := p.in.Peek(1); err != nil {
				return handshake.Request{}, err
			}
			if at, _ := p.in.Peek(p.in.Buffered()); !strings.Contains(string(at), "\n") {
				return handshake.Request{}, io.ErrUnexpectedEOF
			}
			return head()
		}
	}},
	{"loses what comes behind the request", func(p *peer) {
		head := p.head
		p.head = func() (handshake.Request, error) {
			request, err := head()
			_, _ = p.in.Discard(p.in.Buffered())
			return request, err
		}
	}},
	{"hangs at long heads", hangs(func(r handshake.Request, err error) bool { return err != nil || len(r.Raw) > 600 })},
	{"hangs at long keys", hangs(func(r handshake.Request, _ error) bool { return len(r.Header.Get("Sec-WebSocket-Key")) > 48 })},
	{"hangs at long lists of extensions", hangs(func(r handshake.Request, _ error) bool {
		return len(r.Header.Get("Sec-WebSocket-Extensions")) > 1000
	})},
	{"hangs at the name of a property", hangs(func(r handshake.Request, _ error) bool {
		return r.Header.Get("Sec-WebSocket-Extensions") == "constructor"
	})},
	{"hangs at separators in place of subprotocols", hangs(func(r handshake.Request, _ error) bool {
		value := r.Header.Get("Sec-WebSocket-Protocol")
		return value != "" && len(r.Header.List("Sec-WebSocket-Protocol")) == 0
	})},
	{"hangs at a blank among subprotocols", hangs(func(r handshake.Request, _ error) bool {
		return strings.Contains(strings.ReplaceAll(r.Header.Get("Sec-WebSocket-Protocol"), ", ", ""), " ")
	})},
	{"hangs at empty subprotocols beside real ones", hangs(func(r handshake.Request, _ error) bool {
		return strings.Contains(r.Header.Get("Sec-WebSocket-Protocol"), ",,x")
	})},
}

// overlooks is a lie about what a request lacks: it takes it all the same.
func overlooks(row, detail string) func(*peer) {
	return func(p *peer) {
		p.minds = func(r handshake.Request, v handshake.Violation) bool {
			return minded(r, v) && !(v.Row == row && strings.HasPrefix(v.Detail, detail))
		}
	}
}

// takesRequest is a lie about one row of the request.
func takesRequest(row string, takes func(handshake.Header) bool) func(*peer) {
	return func(p *peer) {
		p.minds = func(r handshake.Request, v handshake.Violation) bool {
			return minded(r, v) && !(v.Row == row && takes(r.Header))
		}
	}
}

// refusesRequest is a lie about requests that are right.
func refusesRequest(refuses func(handshake.Request) bool) func(*peer) {
	return func(p *peer) { p.likes = func(r handshake.Request) bool { return !refuses(r) } }
}

// rereads is a lie about what stands in the request.
func rereads(change func(head string) string) func(*peer) {
	return func(p *peer) {
		p.head = func() (handshake.Request, error) {
			request, err := handshake.ReadRequest(p.in, maxHead)
			if err != nil {
				return request, err
			}
			return handshake.ReadRequest(bufio.NewReader(strings.NewReader(change(request.Raw))), maxHead)
		}
	}
}

// hangs is a lie about requests that do harm.
func hangs(at func(handshake.Request, error) bool) func(*peer) {
	return func(p *peer) {
		head := p.head
		p.head = func() (handshake.Request, error) {
			request, err := head()
			if at(request, err) {
				_ = p.conn.SetReadDeadline(time.Time{})
				p.wait()
			}
			return request, err
		}
	}
}
