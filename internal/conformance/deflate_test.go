package conformance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// agreesOnDeflate reports whether a script is played with compression.
func agreesOnDeflate(s Script) bool {
	return slices.ContainsFunc(s, func(s Step) bool { _, ok := s.(DeflateStep); return ok })
}

// inflated puts compressed messages together, of one connection.
type inflated struct {
	compressed bool // the message that is open is
	payload    []byte
	in         *deflate.Inflater
	messages   []Frame // that have come of it
}

// add takes a frame of a compressed message, and says what is wrong when it is
// complete.
func (d *inflated) add(h wire.Header, opcode wire.Opcode, payload string) (broken []string) {
	if d.payload = append(d.payload, payload...); !h.Fin {
		return nil
	}
	if d.in == nil {
		d.in = deflate.NewInflater(deflate.Params{Window: 15, Takeover: true})
	}
	message, err := d.in.Append(nil, d.payload, 16<<20)
	d.payload = nil
	if err != nil {
		return []string{err.Error()}
	}
	if opcode == wire.Text && !utf8.Valid(message) {
		broken = append(broken, "compressed text that is not UTF-8")
	}
	d.messages = append(d.messages, Frame{Opcode: opcode, Payload: Literal(string(message))})
	return broken
}

// What scripts hold compressed is what they want to be answered.
func TestCompressedIsAnswered(t *testing.T) {
	checked := 0
	for _, c := range Catalogue() {
		if kind := c.Script.Ending().Kind; kind != EndClose || !agreesOnDeflate(c.Script) {
			continue
		}
		var want []Frame
		for _, step := range c.Script {
			if reply, ok := step.(ReplyStep); ok {
				want = append(want, reply.Messages...)
			}
		}
		for _, m := range compressedMessages(t, c) {
			if checked++; !slices.Contains(want, m) {
				t.Errorf("%s: %v is answered by none of %v", c.ID, m, want)
			}
		}
	}
	if checked < 15 {
		t.Errorf("only %d compressed messages were checked", checked)
	}
}

// compressedMessages returns what the compressed messages of a case stand for.
func compressedMessages(t *testing.T, c Case) []Frame {
	var d inflated
	var opcode wire.Opcode
	for _, step := range c.Script {
		send, _ := step.(SendStep)
		for _, f := range sent(send) {
			if f.Opcode == wire.Text || f.Opcode == wire.Binary {
				opcode, d.compressed = f.Opcode, f.Bits == 4
			}
			if !f.Opcode.IsControl() && d.compressed {
				if broken := d.add(f.Header(wire.Client, [4]byte{}), opcode, f.Payload.Octets()); broken != nil {
					t.Errorf("%s: %v", c.ID, broken)
				}
			}
		}
	}
	return d.messages
}

// farthest returns how far back a peer refers at most that is sent the messages
// of a case and compresses its answers within a window of so many bits.
func farthest(c Case, bits int) (distance int) {
	p := deflate.Params{Window: bits, Takeover: true}
	out, in := deflate.NewCompressor(p), deflate.NewInflater(p)
	for _, step := range c.Script {
		rally, _ := step.(RallyStep)
		for m := range rally.Messages() {
			in.Append(nil, out.Append(nil, []byte(m.Payload.Octets())), 1<<20)
			distance = max(distance, in.Reach().Distance)
		}
	}
	return distance
}

// Whoever leaves a window shows it, wherever it ends: a peer with twice the
// window that was agreed on refers further back than that.
func TestWindowsAreLeft(t *testing.T) {
	checked := 0
	for _, c := range Catalogue() {
		row, _ := RowOf(c.ID)
		bits := 0
		fmt.Sscanf(c.Title[max(0, strings.Index(c.Title, "a window of ")):], "a window of %d", &bits)
		if !slices.Contains([]string{"PMD-04", "PMD-08", "PMD-11", "PMD-13"}, row.ID) || bits == 15 {
			continue
		}
		checked++
		if bits < 8 || farthest(c, bits+1) <= 1<<bits {
			t.Errorf("%s: a peer with a window of %d bits refers back %d octets", c.ID, bits+1, farthest(c, bits+1))
		}
	}
	if checked != 7+1+2+6 {
		t.Errorf("%d cases of windows were checked", checked)
	}
}

// A device whose window is one octet too small cannot read what is as far back as
// it may be.
func TestFarthestMatch(t *testing.T) {
	for _, id := range []ID{"PMD.33.4", "PMD.33.7"} {
		if got := farthest(caseOf(t, id), 15); got != 1<<15 {
			t.Errorf("%s refers back %d octets", id, got)
		}
	}
}
