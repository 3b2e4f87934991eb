package fuzzing_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"wsprobe/internal/engineio"
)

var framings = []engineio.Framing{engineio.Separated, engineio.Counted, engineio.Binary}

func FuzzEngineIOBody(f *testing.F) {
	for _, seed := range []string{
		`2:4097:0{"sid":"F5viAYGfPMO4AXGhmi6v","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}`,
		"40\x1e42[\"x\",1]\x1e2probe\x1ebAQID",
		"\x00\x02\xff40\x01\x03\xff\x04\x00\x01\x00\x01\xff6",
		"3:4😀2:4€",
		"0:99999999:",
	} {
		for framing := range framings {
			f.Add(seed, uint8(framing))
		}
	}
	f.Fuzz(func(t *testing.T, body string, which uint8) {
		framing := framings[int(which)%len(framings)]
		packets, err := framing.Decode(body)
		if err != nil {
			if packets != nil {
				t.Errorf("packets %q with error %v", packets, err)
			}
			return
		}
		if len(packets) == 0 {
			t.Error("neither a packet nor an error")
		}
		octets := 0
		for _, p := range packets {
			octets += len(p)
			if p == "" || !utf8.ValidString(p) {
				t.Errorf("packet %q", p)
			}
		}
		if octets > len(body) {
			t.Errorf("%d octets of packets in a body of %d", octets, len(body))
		}
		written := framing.Encode(nil, packets...)
		again, err := framing.Decode(string(written))
		if err != nil || !slices.Equal(again, packets) {
			t.Errorf("%q: written %q, read again %q, error %v", packets, written, again, err)
		}
	})
}

func FuzzSocketIOPacket(f *testing.F) {
	for _, seed := range []string{
		`2["message", "hi from device"]`,
		`2/greet,7["message",{"a":[1]}]`,
		"0/admin?token=x,",
		`51-/a,3["x",{"_placeholder":true,"num":0}]`,
		"0/", "40", `4"err"`, "312[]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		p, err := engineio.ParsePacket(message)
		if err != nil {
			return
		}
		if p.Type < '0' || p.Type > '6' || p.Namespace == "" || p.Namespace[0] != '/' {
			t.Errorf("%q: %+v", message, p)
		}
		again, err := engineio.ParsePacket(p.String())
		if err != nil || again != p {
			t.Errorf("%q: read %+v, written %q, read again %+v, error %v", message, p, p, again, err)
		}
	})
}
