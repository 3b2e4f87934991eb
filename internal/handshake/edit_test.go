package handshake_test

import (
	"strings"
	"testing"

	. "wsprobe/internal/handshake"
)

func TestEdited(t *testing.T) {
	const rest = "Connection: Upgrade\r\nSec-WebSocket-Key: " + sampleKey + "\r\nSec-WebSocket-Version: 13\r\n"
	for _, c := range []struct {
		name  string
		edits []Edit
		want  string
	}{
		{"none", nil, "GET /ws HTTP/1.1\r\nHost: h:81\r\nUpgrade: websocket\r\n" + rest + "\r\n"},
		{"set", []Edit{{Set, "upgrade", " h2c"}}, "GET /ws HTTP/1.1\r\nHost: h:81\r\nUpgrade:  h2c\r\n" + rest + "\r\n"},
		{"set what is absent", []Edit{{Set, "X", "y"}}, "GET /ws HTTP/1.1\r\nHost: h:81\r\nUpgrade: websocket\r\n" + rest + "X: y\r\n\r\n"},
		{"set what is there twice", []Edit{{Add, "Host", "b"}, {Set, "Host", "c"}}, "GET /ws HTTP/1.1\r\nHost: c\r\nUpgrade: websocket\r\n" + rest + "\r\n"},
		{"add", []Edit{{Add, "HOST", "b"}}, "GET /ws HTTP/1.1\r\nHost: h:81\r\nUpgrade: websocket\r\n" + rest + "HOST: b\r\n\r\n"},
		{"remove", []Edit{{Add, "HOST", "b"}, {Op: Remove, Name: "host"}}, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n" + rest + "\r\n"},
		{"rename", []Edit{{Rename, "Host", "hOST "}}, "GET /ws HTTP/1.1\r\nhOST : h:81\r\nUpgrade: websocket\r\n" + rest + "\r\n"},
		{"rename two", []Edit{{Add, "HOST", "b"}, {Rename, "Host", "host"}}, "GET /ws HTTP/1.1\r\nhost: h:81\r\nUpgrade: websocket\r\n" + rest + "host: b\r\n\r\n"},
		{"start", []Edit{{Op: Start, Value: "BREW  /\x00"}}, "BREW  /\x00\r\nHost: h:81\r\nUpgrade: websocket\r\n" + rest + "\r\n"},
		{"raw", []Edit{{Op: Raw, Value: ":no\rcolon\n"}}, "GET /ws HTTP/1.1\r\nHost: h:81\r\nUpgrade: websocket\r\n" + rest + ":no\rcolon\n\r\n\r\n"},
		{"reverse", []Edit{{Op: Reverse}},
			"GET /ws HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + sampleKey + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: h:81\r\n\r\n"},
		{"line end", []Edit{{Op: LineEnd, Value: "\n"}}, strings.ReplaceAll("GET /ws HTTP/1.1\nHost: h:81\nUpgrade: websocket\n"+rest+"\n", "\r\n", "\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewRequest("h:81", "/ws", sampleKey)
			before := string(r.Append(nil))
			if got := string(r.Edited(c.edits...)); got != c.want {
				t.Errorf("edited:\n%q\nwant:\n%q", got, c.want)
			}
			if after := string(r.Append(nil)); after != before {
				t.Errorf("the request itself has changed: %q", after)
			}
		})
	}
}

func TestEditedResponse(t *testing.T) {
	got := string(NewResponse(sampleKey).Edited(Edit{Set, "Sec-WebSocket-Accept", "x"}, Edit{Op: Start, Value: "HTTP/1.1 1010 x"}))
	want := "HTTP/1.1 1010 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
	if got != want {
		t.Errorf("edited %q, want %q", got, want)
	}
}

func TestUnknownEdit(t *testing.T) {
	defer func() {
		if got := recover(); got != "handshake: no such edit: edit 9" {
			t.Errorf("panic %v", got)
		}
	}()
	if got := Reverse.String(); got != "reverse" {
		t.Errorf("name %q, want \"reverse\"", got)
	}
	NewResponse("").Edited(Edit{Op: LineEnd + 1})
}
