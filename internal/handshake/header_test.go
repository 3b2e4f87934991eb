package handshake_test

import (
	"slices"
	"testing"

	"wsprobe/internal/handshake"
)

func TestHeader(t *testing.T) {
	h := handshake.Header{{"Connection", "keep-alive"}, {"Host", "a"}, {"CONNECTION", ", UpGrade,,x "}, {"Connection ", "close"}}
	if got, want := h.Values("connection"), []string{"keep-alive", ", UpGrade,,x "}; !slices.Equal(got, want) {
		t.Errorf("values %q, want %q", got, want)
	}
	if got, want := h.List("Connection"), []string{"keep-alive", "UpGrade", "x"}; !slices.Equal(got, want) {
		t.Errorf("list %q, want %q", got, want)
	}
	if got := h.Get("hOST"); got != "a" {
		t.Errorf("get %q, want \"a\"", got)
	}
	if got := h.Get("Origin"); got != "" {
		t.Errorf("get of what is absent: %q", got)
	}
	if got := h.Values("Origin"); got != nil {
		t.Errorf("values of what is absent: %q", got)
	}
}

func TestHasToken(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   bool
	}{
		{[]string{"websocket"}, true},
		{[]string{"WebSocket"}, true},
		{[]string{"foo/1, \twebsocket "}, true},
		{[]string{"foo", "websocket"}, true},
		{[]string{",websocket,"}, true},
		{[]string{"notwebsocket", "websocket2", "web socket"}, false},
		{[]string{"websocket/13"}, false},
		{[]string{"web\u017foc\u212aet"}, false}, // Unicode's long s and Kelvin sign fold to s and k
		{[]string{""}, false},
		{nil, false},
	} {
		var h handshake.Header
		for _, v := range c.values {
			h = append(h, handshake.Field{Name: "Upgrade", Value: v})
		}
		if got := h.HasToken("upgrade", "websocket"); got != c.want {
			t.Errorf("%q has the token: %t, want %t", c.values, got, c.want)
		}
	}
}
