package conformance_test

import (
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func TestFrameHeader(t *testing.T) {
	key := [4]byte{1, 2, 3, 4}
	for _, c := range []struct {
		frame Frame
		role  wire.Role
		want  wire.Header
	}{
		{Text("hello"), wire.Client, wire.Header{Fin: true, Opcode: wire.Text, Masked: true, Key: key, Length: 5}},
		{Text("hello"), wire.Server, wire.Header{Fin: true, Opcode: wire.Text, Key: key, Length: 5}},
		{Binary("x").WronglyMasked(), wire.Client, wire.Header{Fin: true, Opcode: wire.Binary, Key: key, Length: 1}},
		{Ping("x").WronglyMasked(), wire.Server, wire.Header{Fin: true, Opcode: wire.Ping, Masked: true, Key: key, Length: 1}},
		{Text("").NoFin().RSV(5), wire.Server, wire.Header{RSV: 5, Opcode: wire.Text, Key: key}},
		{Text("").RSV(0xff), wire.Server, wire.Header{Fin: true, RSV: 7, Opcode: wire.Text, Key: key}},
		{Text("hello").Claiming(1 << 63), wire.Server, wire.Header{Fin: true, Opcode: wire.Text, Key: key, Length: 1 << 63}},
		{Text("hello").Claiming(0), wire.Server, wire.Header{Fin: true, Opcode: wire.Text, Key: key}},
		{Pong("hello").Spelled(wire.Form64), wire.Server, wire.Header{Fin: true, Opcode: wire.Pong, Key: key, Length: 5, Form: wire.Form64}},
		{Reserved(11, "x"), wire.Server, wire.Header{Fin: true, Opcode: 11, Key: key, Length: 1}},
		{Close(1000, "bye"), wire.Server, wire.Header{Fin: true, Opcode: wire.Close, Key: key, Length: 5}},
		{Text("hello").Part(0, 2), wire.Server, wire.Header{Fin: true, Opcode: wire.Text, Key: key, Length: 5}},
	} {
		if got := c.frame.Header(c.role, key); got != c.want {
			t.Errorf("%v from a %v: %+v, want %+v", c.frame, c.role, got, c.want)
		}
	}
	if got := Close(1001, "a", "b").Payload.Octets(); got != "\x03\xe9ab" {
		t.Errorf("a close with 1001 and ab carries %q", got)
	}
}

func TestFragment(t *testing.T) {
	long := Repeated("BAsd7&jh23", 100)
	for _, c := range []struct {
		frame Frame
		n     int
		want  []Frame
	}{
		{Text("abcde").RSV(4), 2, []Frame{Text("ab").RSV(4).NoFin(), Continuation("cd").NoFin(), Continuation("e")}},
		{Binary("abcd"), 2, []Frame{Binary("ab").NoFin(), Continuation("cd")}},
		{Text("ab"), 2, []Frame{Text("ab")}},
		{Text(""), 2, []Frame{Text("")}},
		{Text("abcd").NoFin(), 2, []Frame{Text("ab").NoFin(), Continuation("cd").NoFin()}},
		{Continuation(""), 2, []Frame{Continuation("")}},
		{Ping("abc").WronglyMasked(), 2, []Frame{Ping("ab").WronglyMasked().NoFin(), Continuation("c").WronglyMasked()}},
		{Text(long), 65, []Frame{Text(Repeated("BAsd7&jh23", 65)).NoFin(), Continuation("&jh23BAsd7&jh23BAsd7&jh23BAsd7&jh23")}},
	} {
		got := sent(SendStep{Frames: []Frame{c.frame}, Fragment: c.n})
		if len(got) != len(c.want) {
			t.Errorf("%v by %d: %v, want %v", c.frame, c.n, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v by %d: fragment %d is %v, want %v", c.frame, c.n, i, got[i], c.want[i])
			}
		}
	}
}
