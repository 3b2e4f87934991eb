package handshake_test

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/handshake"
)

func TestCheckResponse(t *testing.T) {
	set := func(name, value string) []Edit { return []Edit{{Set, name, value}} }
	add := func(name, value string) []Edit { return []Edit{{Add, name, value}} }
	remove := func(name string) []Edit { return []Edit{{Op: Remove, Name: name}} }
	start := func(line string) []Edit { return []Edit{{Op: Start, Value: line}} }
	protocols, extensions := add("Sec-WebSocket-Protocol", "a, b"), add("Sec-WebSocket-Extensions", "x; y, z")
	for _, c := range []struct {
		name    string
		request []Edit
		edits   []Edit
		rows    string // those broken, in order
		usable  string
	}{
		{"ordinary", nil, nil, "", ""},
		{"names in other case, reversed", nil, []Edit{{Rename, "Upgrade", "UPGRADE"}, {Rename, "Sec-WebSocket-Accept", "sec-websocket-accept"}, {Op: Reverse}}, "", ""},

		{"404", nil, start("HTTP/1.1 404 Not Found"), "SRS-01", "HTTP status 404 Not Found instead of 101"},
		{"200 without a phrase", nil, start("HTTP/1.1 200"), "SRS-01", "HTTP status 200 instead of 101"},
		{"a phrase that talks to the terminal", nil, start("HTTP/1.1 500 \x1b[2J\""), "SRS-01", `HTTP status 500 \x1b[2J\" instead of 101`},
		{"a long phrase", nil, start("HTTP/1.1 500 " + strings.Repeat("x", 1000)), "SRS-01", "HTTP status 500 " + strings.Repeat("x", 64) + "… instead of 101"},
		{"HTTP/1.0", nil, start("HTTP/1.0 101 Switching Protocols"), "SRS-01", ""},
		{"HTTP/11", nil, start("HTTP/11 101 Switching Protocols"), "SRS-01", ""},
		{"HTTP/0", nil, start("HTTP/0 101 Switching Protocols"), "SRS-01", ""},
		{"NUL in an unrelated field", nil, add("Server", "a\x00"), "SRS-01", ""},
		{"DEL in the phrase", nil, start("HTTP/1.1 101 a\x7f"), "SRS-01", ""},
		{"obs-text in the phrase", nil, start("HTTP/1.1 101 \xfc"), "", ""},

		{"no Upgrade", nil, remove("Upgrade"), "SRS-02", "no Upgrade field"},
		{"h2c", nil, set("Upgrade", "h2c"), "SRS-02", `Upgrade is "h2c", wanted websocket`},
		{"Upgrade list", nil, set("Upgrade", "websocket, h2c"), "SRS-02", `Upgrade is "websocket, h2c", wanted websocket`},
		{"WEBSOCKET", nil, set("Upgrade", "WEBSOCKET"), "", ""},
		{"no Connection", nil, remove("Connection"), "SRS-03", "no Connection field"},
		{"Connection: close", nil, set("Connection", "close"), "SRS-03", `Connection is "close", wanted Upgrade`},
		{"Connection over two lines", nil, []Edit{{Set, "Connection", "keep-alive"}, {Add, "Connection", "UPGRADE"}}, "", ""},

		{"no Accept", nil, remove("Sec-WebSocket-Accept"), "SRS-04", "no Sec-WebSocket-Accept field"},
		{"Accept in other case", nil, set("Sec-WebSocket-Accept", strings.ToLower(sampleAccept)), "SRS-04",
			`Sec-WebSocket-Accept is "s3pplmbitxaq9kygzzhzrbk+xoo=", wanted "` + sampleAccept + `"`},
		{"Accept longer", nil, set("Sec-WebSocket-Accept", sampleAccept+"="), "SRS-04",
			`Sec-WebSocket-Accept is "` + sampleAccept + `=", wanted "` + sampleAccept + `"`},
		{"blanks round Accept", nil, set("Sec-WebSocket-Accept", " \t"+sampleAccept+"\t "), "", ""},
		{"Accept twice", nil, add("Sec-WebSocket-Accept", sampleAccept), "SRS-05", ""},
		{"Accept right, then wrong", nil, add("Sec-WebSocket-Accept", "x"), "SRS-04 SRS-05",
			`Sec-WebSocket-Accept is "x", wanted "` + sampleAccept + `"`},
		{"Accept for a short key", set("Sec-WebSocket-Key", "foo"), set("Sec-WebSocket-Accept", Accept("foo")), "", ""},
		{"Accept for no key", remove("Sec-WebSocket-Key"), nil, "", ""},

		{"compression", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; client_max_window_bits=8; server_max_window_bits=15"), "", ""},
		{"compression with a parameter without its value", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"), "SRS-10 PMD-12", ""},
		{"compression with a leading zero", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=08"), "SRS-10", ""},
		{"compression with a parameter twice", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; server_no_context_takeover"), "SRS-10", ""},
		{"compression with a value too many", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover=1"), "SRS-10", ""},
		{"an offer of compression that is unknown", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; x=1"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-01", ""},
		{"an offer of compression with a bad value", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=16"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-02", ""},
		{"an offer of compression that repeats", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; server_no_context_takeover"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-03", ""},
		{"compression that does not forget", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-09", ""},
		{"compression without the window", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-11", ""},
		{"compression with a larger window", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=11"), "PMD-11", ""},
		{"compression with a smaller window", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=9"), "", ""},
		{"compression that limits the client", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=10"), "PMD-12", ""},
		{"compression that limits the client, who lets it", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=10"), "", ""},
		{"compression by the second offer", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate; server_max_window_bits=9"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=9"), "", ""},
		{"compression that passes over an offer", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover, permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "PMD-37", ""},
		{"compression that passes over a bad offer", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; x, permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate"), "", ""},
		{"compression twice", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate"), "PMD-35", ""},
		{"a bad offer given back", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate; mux"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; mux"), "SRS-10 PMD-01", ""},
		{"compression with a parameter of another", []Edit{{Add, "Sec-WebSocket-Extensions", "permessage-deflate"}},
			add("Sec-WebSocket-Extensions", "permessage-deflate; mux"), "SRS-10", ""},

		{"subprotocol", protocols, add("Sec-WebSocket-Protocol", "b"), "", ""},
		{"no subprotocol", protocols, nil, "", ""},
		{"subprotocol twice", protocols, []Edit{{Add, "Sec-WebSocket-Protocol", "b"}, {Add, "Sec-WebSocket-Protocol", "b"}}, "SRS-06", ""},
		{"other subprotocol", protocols, add("Sec-WebSocket-Protocol", "B"), "SRS-07", `Sec-WebSocket-Protocol is "B", offered was "a, b"`},
		{"the whole offer", protocols, add("Sec-WebSocket-Protocol", "a, b"), "SRS-07", `Sec-WebSocket-Protocol is "a, b", offered was "a, b"`},
		{"empty subprotocol", protocols, add("Sec-WebSocket-Protocol", ""), "SRS-08", "Sec-WebSocket-Protocol is empty"},
		{"unasked subprotocol", nil, add("Sec-WebSocket-Protocol", "a"), "SRS-08", `Sec-WebSocket-Protocol is "a", but none was offered`},

		{"extension", extensions, add("Sec-WebSocket-Extensions", "z; w=1"), "", ""},
		{"unasked extension", nil, add("Sec-WebSocket-Extensions", "x"), "SRS-09", `Sec-WebSocket-Extensions answers "x", which was not offered`},
		{"other extension", extensions, add("Sec-WebSocket-Extensions", "x, y"), "SRS-09", `Sec-WebSocket-Extensions answers "y", which was not offered`},
		{"bad extensions", extensions, add("Sec-WebSocket-Extensions", "x;;y"), "EXT-03", `Sec-WebSocket-Extensions: octet 2: no parameter name at ";y"`},
		{"no extension", extensions, add("Sec-WebSocket-Extensions", " "), "EXT-03", "Sec-WebSocket-Extensions is empty"},

		{"Content-Length", nil, add("Content-Length", "0"), "SRS-14", ""},
		{"Transfer-Encoding", nil, add("transfer-encoding", "chunked"), "SRS-14", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			octets := NewRequest("h", "/", sampleKey).Edited(c.request...)
			request, err := ReadRequest(bufio.NewReader(bytes.NewReader(octets)), limit)
			if err != nil {
				t.Fatal(err)
			}
			octets = NewResponse(sampleKey).Edited(c.edits...)
			response, err := ReadResponse(bufio.NewReader(bytes.NewReader(octets)), limit)
			if err != nil {
				t.Fatal(err)
			}
			violations := CheckResponse(response, request)
			if got := rows(violations); !slices.Equal(got, strings.Fields(c.rows)) {
				t.Errorf("violations %v, want %s: %q", got, c.rows, violations)
			}
			wantUsable(t, violations, c.usable)
			wantClauses(t, violations)
		})
	}
}

// A response made here has no Raw and is judged by what it would write.
func TestCheckResponseMadeHere(t *testing.T) {
	request, r := NewRequest("h", "/", sampleKey), NewResponse(sampleKey)
	if got := CheckResponse(r, request); got != nil {
		t.Errorf("violations of the ordinary response: %q", got)
	}
	r.Header = append(r.Header, Field{"", "a"})
	got := CheckResponse(r, request)
	if want := `the response is not valid HTTP: line 5, octet 127: no colon in "a"`; len(got) != 1 || got[0].Detail != want {
		t.Errorf("violations %q, want %s", got, want)
	}
}
