package conformance_test

import (
	"encoding/json"
	"os"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// A compression is a case of Autobahn's groups 12 and 13. What it offers is
// compared where it is translated.
type compression struct {
	ID       ID
	Messages int
	Size     int // in characters of text, octets of binary
	Binary   bool
	Fragment int // octets of the compressed payload
	Octets   int // of the data
	Units    int // of the data, what sizes are counted in
	Offers   []string
}

func compressions(t *testing.T) (all []compression) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/autobahn/compression.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCompressionsAreAutobahns(t *testing.T) {
	cases := Catalogue()
	cases = cases[301:517]
	for i, want := range compressions(t) {
		c := cases[i]
		rally := c.Script[2].(RallyStep)
		got := compression{
			ID: c.ID, Messages: rally.Count, Size: rally.Slice.Size, Binary: rally.Message.Opcode == wire.Binary,
			Fragment: rally.Fragment, Octets: len(rally.Slice.Corpus.Text()), Units: want.Units,
		}
		offers := c.Script[0].(DeflateStep).Offers
		if len(offers) != len(want.Offers) {
			t.Errorf("%s: %d offers, want %d", c.ID, len(offers), len(want.Offers))
		}
		want.Offers = nil
		if !equalCompressions(got, want) {
			t.Errorf("%s is\n%+v, want\n%+v", c.ID, got, want)
		}
		needs := c.Needs()
		if most := want.Size + want.Octets - want.Units; !needs.Deflate || needs.Message != most || needs.Connections != 1 {
			t.Errorf("%s needs %+v", c.ID, needs)
		}
		if want.Size < 131072 {
			continue
		}
		most := 0
		for message := range rally.Messages() {
			most = max(most, message.Payload.Len())
		}
		if most > needs.Message {
			t.Errorf("%s has a message of %d octets, but needs only %d", c.ID, most, needs.Message)
		}
	}
}

func equalCompressions(a, b compression) bool {
	return a.ID == b.ID && a.Messages == b.Messages && a.Size == b.Size && a.Binary == b.Binary &&
		a.Fragment == b.Fragment && a.Octets == b.Octets
}
