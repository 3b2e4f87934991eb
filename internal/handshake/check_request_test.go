package handshake_test

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/handshake"
)

func TestCheckRequest(t *testing.T) {
	set := func(name, value string) []Edit { return []Edit{{Set, name, value}} }
	add := func(name, value string) []Edit { return []Edit{{Add, name, value}} }
	remove := func(name string) []Edit { return []Edit{{Op: Remove, Name: name}} }
	start := func(line string) []Edit { return []Edit{{Op: Start, Value: line}} }
	for _, c := range []struct {
		name   string
		edits  []Edit
		rows   string // those broken, in order
		usable string
	}{
		{"ordinary", nil, "", ""},
		{"names in other case, reversed", []Edit{{Rename, "Host", "hOST"}, {Rename, "Upgrade", "UPGRADE"}, {Op: Reverse}}, "", ""},
		{"unknown field", add("X-Foo", "\xff"), "", ""},

		{"line ends", []Edit{{Op: LineEnd, Value: "\n"}}, "CRQ-01", ""},
		{"line without colon", []Edit{{Op: Raw, Value: "foo"}}, "CRQ-01", ""},

		{"POST", start("POST / HTTP/1.1"), "CRQ-02", `method is "POST", wanted GET`},
		{"get", start("get / HTTP/1.1"), "CRQ-02", `method is "get", wanted GET`},
		{"HTTP/1.0", start("GET / HTTP/1.0"), "CRQ-02", `HTTP version is "HTTP/1.0", wanted HTTP/1.1 or later`},
		{"HTTP/2.0", start("GET / HTTP/2.0"), "", ""},
		{"HTTP/0.9", start("GET /"), "CRQ-01 CRQ-02", `HTTP version is "", wanted HTTP/1.1 or later`},

		{"no number", start("GET / HTTP/two"), "CRQ-01 CRQ-02", `HTTP version is "HTTP/two", wanted HTTP/1.1 or later`},

		{"absolute URI", start("GET http://h:81/ws HTTP/1.1"), "", ""},
		{"absolute HTTPS URI", start("GET HTTPS://h/ws HTTP/1.1"), "", ""},
		{"absolute ws URI", start("GET ws://h/ws HTTP/1.1"), "CRQ-03", `target "ws://h/ws" is neither a path nor an http URI`},
		{"escape that is none", start("GET /100% HTTP/1.1"), "CRQ-03", `target "/100%" has a % that escapes nothing`},
		{"no host in the URI", start("GET http:// HTTP/1.1"), "CRQ-03", `target "http://" is neither a path nor an http URI`},
		{"asterisk", start("GET * HTTP/1.1"), "CRQ-03", `target "*" is neither a path nor an http URI`},
		{"fragment", start("GET /a#b HTTP/1.1"), "URI-03", ""},

		{"no Host", remove("Host"), "CRQ-04", "no Host field"},
		{"two Hosts", add("Host", "h"), "CRQ-04", "2 Host fields, wanted one"},
		{"empty Host", set("Host", ""), "CRQ-04", `Host "" is not host or host:port`},
		{"IPv6", set("Host", "[2001:db8::1]:81"), "", ""},
		{"IPv6 without port", set("Host", "[::1]"), "", ""},
		{"IPv6 without brackets", set("Host", "2001:db8::1"), "CRQ-04", `Host "2001:db8::1" is not host or host:port`},
		{"IPv6 with a zone", set("Host", "[fe80::1%eth0]"), "CRQ-04", `Host "[fe80::1%eth0]" is not host or host:port`},
		{"half a bracket", set("Host", "[::1"), "CRQ-04", `Host "[::1" is not host or host:port`},
		{"IPv4 in brackets", set("Host", "[127.0.0.1]"), "CRQ-04", `Host "[127.0.0.1]" is not host or host:port`},
		{"port too large", set("Host", "h:65536"), "CRQ-04", `Host "h:65536" is not host or host:port`},
		{"user in Host", set("Host", "u@h"), "CRQ-04", `Host "u@h" is not host or host:port`},
		{"URI in Host", set("Host", "ws://h"), "CRQ-04", `Host "ws://h" is not host or host:port`},

		{"no Upgrade", remove("Upgrade"), "CRQ-05", "no Upgrade field"},
		{"h2c", set("Upgrade", "h2c"), "CRQ-05", `Upgrade is "h2c", wanted websocket`},
		{"Upgrade list", set("Upgrade", "foo/1, WebSocket"), "", ""},
		{"no Connection", remove("Connection"), "CRQ-06", "no Connection field"},
		{"notupgrade", set("Connection", "notupgrade"), "CRQ-06", `Connection is "notupgrade", wanted Upgrade`},
		{"Connection list", set("Connection", "keep-alive,UPGRADE"), "", ""},

		{"no key", remove("Sec-WebSocket-Key"), "CRQ-07", "no Sec-WebSocket-Key field"},
		{"no base64", set("Sec-WebSocket-Key", "foo"), "CRQ-07", `Sec-WebSocket-Key: key "foo" is not base64`},
		{"15 octets", set("Sec-WebSocket-Key", "MTIzNDU2Nzg5MDEyMzQ1"), "CRQ-07", `Sec-WebSocket-Key: key "MTIzNDU2Nzg5MDEyMzQ1" decodes to 15 octets, wanted 16`},
		{"pad bits", set("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEC=="), "CRQ-07", ""},
		{"two keys", add("Sec-WebSocket-Key", sampleKey), "CRQ-13", ""},

		{"no version", remove("Sec-WebSocket-Version"), "CRQ-09", "no Sec-WebSocket-Version field"},
		{"version 8", set("Sec-WebSocket-Version", "8"), "CRQ-09", `Sec-WebSocket-Version is "8", wanted 13`},
		{"version 013", set("Sec-WebSocket-Version", "013"), "CRQ-09", `Sec-WebSocket-Version is "013", wanted 13`},
		{"two versions", add("Sec-WebSocket-Version", "13"), "CRQ-14", ""},

		{"subprotocols", []Edit{{Add, "Sec-WebSocket-Protocol", "a, B"}, {Add, "Sec-WebSocket-Protocol", "b"}}, "", ""},
		{"subprotocols with a hole", add("Sec-WebSocket-Protocol", "a,,b"), "CRQ-10", `Sec-WebSocket-Protocol: "" is not a token`},
		{"empty subprotocol", add("Sec-WebSocket-Protocol", ""), "CRQ-10", `Sec-WebSocket-Protocol: "" is not a token`},
		{"separator", add("Sec-WebSocket-Protocol", "a/b"), "CRQ-10", `Sec-WebSocket-Protocol: "a/b" is not a token`},
		{"the same twice", []Edit{{Add, "Sec-WebSocket-Protocol", "a, b"}, {Add, "Sec-WebSocket-Protocol", "a"}}, "CRQ-10", ""},

		{"extensions", add("Sec-WebSocket-Extensions", `permessage-deflate; client_max_window_bits, x; y="z"`), "EXT-07", ""},
		{"bad extensions", add("Sec-WebSocket-Extensions", "a;;b"), "CRQ-11", `Sec-WebSocket-Extensions: octet 2: no parameter name at ";b"`},
		{"bad window", add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=7"), "CRQ-11", ""}, // to be declined
		{"compression", add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=8; client_max_window_bits=\"15\""), "", ""},
		{"a parameter there is none of", add("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate; x"), "CRQ-11", ""},
		{"a window of 16 bits", add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=16"), "CRQ-11", ""},
		{"a window without bits", add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits"), "CRQ-11", ""},
		{"a parameter twice", add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits; client_max_window_bits=9"), "CRQ-11", ""},
		{"an extension of the broadband forum", add("Sec-WebSocket-Extensions", "bbf-usp-protocol"), "", ""},
		{"no extension", add("Sec-WebSocket-Extensions", ""), "CRQ-11", "Sec-WebSocket-Extensions is empty"},

		{"origin", add("Origin", "https://example.com:8443"), "", ""},
		{"origin null", add("Origin", "null"), "", ""},
		{"origins", add("Origin", "https://a http://b"), "", ""},
		{"file", add("Origin", "file://"), "", ""},
		{"origin with a path", add("Origin", "https://a/"), "CRQ-12", ""},
		{"origin without scheme", add("Origin", "a"), "CRQ-12", ""},
		{"scheme of letters and more", add("Origin", "a1+-.://b"), "", ""},
		{"scheme that begins with a digit", add("Origin", "1a://b"), "CRQ-12", ""},
		{"origin not ASCII", add("Origin", "https://\u00fc"), "CRQ-12", ""},
		{"empty origin", add("Origin", ""), "CRQ-12", ""},

		{"nothing", []Edit{{Op: Remove, Name: "Host"}, {Op: Remove, Name: "Upgrade"}, {Op: Remove, Name: "Connection"}, {Op: Remove, Name: "Sec-WebSocket-Key"},
			{Op: Remove, Name: "Sec-WebSocket-Version"}, {Op: Start, Value: "X"}}, "CRQ-01 CRQ-02 CRQ-02 CRQ-03 CRQ-04 CRQ-05 CRQ-06 CRQ-07 CRQ-09", `method is "X", wanted GET`},
	} {
		t.Run(c.name, func(t *testing.T) {
			octets := NewRequest("h:81", "/ws", sampleKey).Edited(c.edits...)
			request, err := ReadRequest(bufio.NewReader(bytes.NewReader(octets)), limit)
			if err != nil {
				t.Fatal(err)
			}
			violations := CheckRequest(request)
			if got := rows(violations); !slices.Equal(got, strings.Fields(c.rows)) {
				t.Errorf("violations %v, want %s: %q", got, c.rows, violations)
			}
			wantUsable(t, violations, c.usable)
			wantClauses(t, violations)
		})
	}
}

// A request made here has no Raw and is judged by what it would write.
func TestCheckRequestMadeHere(t *testing.T) {
	r := NewRequest("h", "/", sampleKey)
	if got := CheckRequest(r); got != nil {
		t.Errorf("violations of the ordinary request: %q", got)
	}
	r.Header = append(r.Header, Field{"A", "b\r\n\r\nc"})
	got := CheckRequest(r)
	if want := "the request is not valid HTTP: line 8, octet 146: octets behind the blank line"; len(got) != 1 || got[0].Detail != want {
		t.Errorf("violations %q, want %s", got, want)
	}
}
