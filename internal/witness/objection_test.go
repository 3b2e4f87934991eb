package witness_test

import (
	"math/rand/v2"
	"net"
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
		code, why := witness.Objection(talk.server)
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
	if _, why := witness.Objection(c.socket); why != "" {
		t.Errorf("to who is not watched: %s", why)
	}
	c.device(request("foo").Append(nil))
	if _, why := witness.Objection(wrapped{c.server}); !strings.HasPrefix(why, "CRQ-07: ") {
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
	if _, why := witness.Objection(c.server); why != "" {
		t.Errorf("to a second try that is right: %s", why)
	}
}

// wrapped stands around a connection, as a server's own may.
type wrapped struct{ net.Conn }

func (w wrapped) NetConn() net.Conn { return w.Conn }
