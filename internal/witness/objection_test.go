package witness_test

import (
	"bytes"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// Each liar of a rule that binds is objected to, under the name of the first rule
// it broke; others are not, nor those who break nothing.
func TestObjections(t *testing.T) {
	lax := map[string]bool{"CRQ-12": true, "CLS-08": true, "CLS-10": true} // a MAY, and what comes after a close
	for _, l := range liars {
		w := witness.New(witness.Options{})
		talk := newTalk(w, 4096)
		l.tell(talk)
		_, code, why := witness.Objection(talk.server)
		row, _, _ := strings.Cut(why, ":")
		declined := l.want == "EXT-07" || l.want == "CRQ-11" && l.does != "offers an extension without name"
		if lax[l.want] || declined {
			if why != "" {
				t.Errorf("who %s is objected to: %s", l.does, why)
			}
			continue
		}
		want := 1002
		if l.want == "UTF-07" {
			want = 1007
		}
		if row == "" || !strings.Contains(l.want, row) || code != want {
			t.Errorf("who %s is objected to with %d %q, want %d %s", l.does, code, why, want, l.want)
		}
	}
}

func TestNoObjection(t *testing.T) {
	w := witness.New(witness.Options{})
	random := rand.New(rand.NewPCG(1, 2))
	c := newTalk(w, 4096)
	if _, _, why := witness.Objection(c.socket); why != "" {
		t.Errorf("to who is not watched: %s", why)
	}
	c.device(request("foo").Append(nil))
	if _, _, why := witness.Objection(wrapped{c.server}); !strings.HasPrefix(why, "CRQ-07: ") {
		t.Errorf("to the key foo: %q", why)
	}
	c.answer([]byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
	key := newKey(random)
	c.device(request(key).Append(nil))
	c.answer(handshake.NewResponse(key).Append(nil))
	c.device(masked(random, text, "größe"))
	c.device(masked(random, ping, ""))
	c.device(masked(random, closing, "\x03\xe8"))
	c.device(masked(random, wire.Header{Fin: true, Opcode: wire.Text}, "too late"))
	if _, _, why := witness.Objection(c.server); why != "" {
		t.Errorf("to a second try that is right: %s", why)
	}
}

// wrapped stands around a connection, as a server's own may.
type wrapped struct{ net.Conn }

func (w wrapped) NetConn() net.Conn { return w.Conn }

// What came in one read with a fault, and before its frame, is told from it.
func TestLawfulOctets(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	good := append(masked(random, text, "größe"), masked(random, ping, "")...)
	begun := masked(random, text, strings.Repeat("*", 40))
	zero := keyed([4]byte{}, text, "hi")
	for _, c := range []struct {
		name  string
		reads [][]byte
		want  int
	}{
		{"nothing", [][]byte{zero}, 0},
		{"two frames", [][]byte{append(bytes.Clone(good), zero...)}, len(good)},
		{"two frames, and what is after the fault", [][]byte{slices.Concat(good, zero, good, zero)}, len(good)},
		{"two frames of a read before", [][]byte{good, zero}, 0},
		{"the rest of a frame", [][]byte{begun[:21], slices.Concat(begun[21:], zero)}, len(begun) - 21},
		{"the beginning of the fault", [][]byte{append(bytes.Clone(good), zero[:3]...), zero[3:]}, 0},
	} {
		w := witness.New(witness.Options{})
		talk := newTalk(w, 4096)
		talk.open(random)
		for _, octets := range c.reads {
			talk.device(octets)
		}
		if lawful, _, why := witness.Objection(talk.server); lawful != c.want || !strings.HasPrefix(why, "MSK-08: ") {
			t.Errorf("%s: %d octets before %q, want %d", c.name, lawful, why, c.want)
		}
	}
}
