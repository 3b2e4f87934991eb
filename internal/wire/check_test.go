package wire_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/wire"
)

// rowsOf returns the rows that are broken.
func rowsOf(violations []Violation) (rows []string) {
	for _, v := range violations {
		rows = append(rows, v.Row)
	}
	return rows
}

func TestCheck(t *testing.T) {
	fragmented := State{Fragmented: true}
	compressed := State{RSV: 4}
	text := Header{Fin: true, Opcode: Text, Length: 5}
	masked := Header{Fin: true, Opcode: Text, Masked: true, Length: 5}
	for _, c := range []struct {
		name   string
		header Header
		from   Role
		state  State
		want   string // the errors of the violations
	}{
		{"text", text, Server, State{}, ""},
		{"masked text", masked, Client, State{}, ""},
		{"first fragment", Header{Opcode: Binary, Length: 5}, Server, State{}, ""},
		{"continuation", Header{Opcode: Continuation, Length: 5}, Server, fragmented, ""},
		{"last fragment", Header{Fin: true, Opcode: Continuation}, Server, fragmented, ""},
		{"ping between fragments", Header{Fin: true, Opcode: Ping}, Server, fragmented, ""},
		{"longest pong", Header{Fin: true, Opcode: Pong, Length: 125}, Server, State{}, ""},
		{"longest of 7 bits", Header{Fin: true, Opcode: Text, Length: 125, Form: Form7}, Server, State{}, ""},
		{"shortest of 16 bits", Header{Fin: true, Opcode: Text, Length: 126, Form: Form16}, Server, State{}, ""},
		{"shortest of 64 bits", Header{Fin: true, Opcode: Text, Length: 65536, Form: Form64}, Server, State{}, ""},
		{"longest", Header{Fin: true, Opcode: Text, Length: math.MaxInt64, Form: Form64}, Server, State{}, ""},
		{"compressed", Header{Fin: true, RSV: 4, Opcode: Text}, Server, compressed, ""},

		{"RSV1", Header{Fin: true, RSV: 4, Opcode: Text}, Server, State{},
			"a text frame with reserved bits 4 that no extension has defined (RFC 6455 §5.2)"},
		{"RSV3 beside RSV1", Header{Fin: true, RSV: 5, Opcode: Text}, Server, compressed,
			"a text frame with reserved bits 1 that no extension has defined (RFC 6455 §5.2)"},
		{"compressed ping", Header{Fin: true, RSV: 4, Opcode: Ping}, Server, compressed,
			"a ping frame with reserved bits 4 that no extension has defined (RFC 6455 §5.2)"},
		{"compressed continuation", Header{Fin: true, RSV: 4, Opcode: Continuation}, Server, State{Fragmented: true, RSV: 4},
			"a continuation frame with reserved bits 4 that no extension has defined (RFC 6455 §5.2)"},
		{"opcode 3", Header{Fin: true, Opcode: 3}, Server, State{}, "a frame with the reserved opcode 3 (RFC 6455 §5.2)"},
		{"opcode 7", Header{Fin: true, Opcode: 7}, Server, State{}, "a frame with the reserved opcode 7 (RFC 6455 §5.2)"},
		{"opcode 11", Header{Fin: true, Opcode: 11}, Server, State{}, "a frame with the reserved opcode 11 (RFC 6455 §5.2)"},
		{"opcode 15", Header{Fin: true, Opcode: 15}, Server, State{}, "a frame with the reserved opcode 15 (RFC 6455 §5.2)"},
		{"opcode 3 unmasked", Header{Fin: true, Opcode: 3}, Client, State{}, "a frame with the reserved opcode 3 (RFC 6455 §5.2); a frame of the reserved opcode 3 from a client without a mask (RFC 6455 §5.1)"},
		{"opcode 7 with RSV1", Header{Fin: true, RSV: 4, Opcode: 7}, Server, State{},
			"a frame of the reserved opcode 7 with reserved bits 4 that no extension has defined (RFC 6455 §5.2); a frame with the reserved opcode 7 (RFC 6455 §5.2)"},
		{"long fragmented opcode 11", Header{Opcode: 11, Length: 126}, Server, State{},
			"a frame with the reserved opcode 11 (RFC 6455 §5.2); a fragmented frame of the reserved opcode 11 (RFC 6455 §5.5); a frame of the reserved opcode 11 of 126 octets (RFC 6455 §5.5)"},
		{"opcode 4 between fragments", Header{Fin: true, Opcode: 4}, Server, fragmented,
			"a frame with the reserved opcode 4 (RFC 6455 §5.2); a frame of the reserved opcode 4 where a continuation is due (RFC 6455 §5.4)"},
		{"unmasked", text, Client, State{}, "a text frame from a client without a mask (RFC 6455 §5.1)"},
		{"masked", masked, Server, State{}, "a text frame from a server with a mask (RFC 6455 §5.1)"},
		{"5 in 16 bits", Header{Fin: true, Opcode: Text, Length: 5, Form: Form16}, Server, State{},
			"a length of 5 spelled in 16 bits (RFC 6455 §5.2)"},
		{"65535 in 64 bits", Header{Fin: true, Opcode: Text, Length: 65535, Form: Form64}, Server, State{},
			"a length of 65535 spelled in 64 bits (RFC 6455 §5.2)"},
		{"2^63", Header{Fin: true, Opcode: Text, Length: 1 << 63, Form: Form64}, Server, State{},
			"a length with its most significant bit set (RFC 6455 §5.2)"},
		{"fragmented ping", Header{Opcode: Ping}, Server, State{}, "a fragmented ping frame (RFC 6455 §5.5)"},
		{"long close", Header{Fin: true, Opcode: Close, Length: 126}, Server, State{}, "a close frame of 126 octets (RFC 6455 §5.5)"},
		{"stray continuation", Header{Fin: true, Opcode: Continuation}, Server, State{},
			"a continuation frame with nothing to continue (RFC 6455 §5.4)"},
		{"text between fragments", text, Server, fragmented, "a text frame where a continuation is due (RFC 6455 §5.4)"},
	} {
		var found []string
		for _, v := range Check(c.header, c.from, c.state) {
			found = append(found, v.Error())
		}
		if got := strings.Join(found, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Every rule that a frame breaks is named, by its row.
func TestCheckFindsAll(t *testing.T) {
	worst := Header{RSV: 7, Opcode: 11, Length: 1 << 63, Form: Form16}
	want := []string{"FRM-14", "FRM-14", "MSK-04", "LEN-02", "LEN-02", "CTL-13", "CTL-13"}
	if got := rowsOf(Check(worst, Client, State{})); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	want = []string{"MSK-02", "FRG-10"}
	if got := rowsOf(Check(Header{Masked: true}, Server, State{})); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A stray line end reads as a frame, and it takes a hint to see what it is.
func TestCheckLineEnd(t *testing.T) {
	h, err := ReadHeader(strings.NewReader("\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "a frame with the reserved opcode 13, whose octets 0d 0a are a line end, maybe one too many behind the opening handshake"
	if got := Check(h, Server, State{})[0].Detail; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestStateNext(t *testing.T) {
	s := State{RSV: 4}
	for _, step := range []struct {
		header     Header
		fragmented bool
	}{
		{Header{Fin: true, Opcode: Text}, false},
		{Header{Opcode: Text}, true},
		{Header{Fin: true, Opcode: Ping}, true},
		{Header{Opcode: Ping}, true},
		{Header{Opcode: Continuation}, true},
		{Header{Fin: true, Opcode: Continuation}, false},
		{Header{Fin: true, Opcode: Pong}, false},
		{Header{Opcode: 3}, true},
	} {
		if s = s.Next(step.header); s.Fragmented != step.fragmented || s.RSV != 4 {
			t.Errorf("after %v: %+v, want fragmented: %v", step.header, s, step.fragmented)
		}
	}
}

func TestRole(t *testing.T) {
	if !Client.Masks() || Server.Masks() || Client.Peer() != Server || Server.Peer() != Client || Role(0).Peer() != 0 {
		t.Error("client and server are mixed up")
	}
	for want, role := range map[string]Role{"client": Client, "server": Server, "role0": 0} {
		text, err := role.MarshalText()
		if err != nil || string(text) != want || role.String() != want {
			t.Errorf("%d is %q, error %v, want %q", role, text, err, want)
		}
		var back Role
		err = back.UnmarshalText(text)
		if role == 0 && (err == nil || err.Error() != `role "role0" is neither client nor server`) || role != 0 && (err != nil || back != role) {
			t.Errorf("%q reads as %v, error %v", text, back, err)
		}
	}
}

func TestOpcode(t *testing.T) {
	names := [16]string{"continuation", "text", "binary", "opcode3", "opcode4", "opcode5", "opcode6", "opcode7",
		"close", "ping", "pong", "opcode11", "opcode12", "opcode13", "opcode14", "opcode15"}
	for op := range Opcode(16) {
		reserved := op >= 3 && op <= 7 || op >= 11
		if op.String() != names[op] || op.IsControl() != (op >= 8) || op.IsReserved() != reserved {
			t.Errorf("opcode %d: %v, control: %v, reserved: %v", uint8(op), op, op.IsControl(), op.IsReserved())
		}
	}
}
