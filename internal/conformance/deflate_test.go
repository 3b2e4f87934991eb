package conformance_test

import (
	"slices"
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
		if kind := c.Script[len(c.Script)-1].(Ending).Kind; kind != EndClose || !agreesOnDeflate(c.Script) {
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
