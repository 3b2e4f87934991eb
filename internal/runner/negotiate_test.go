package runner

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
)

// Autobahn's cases are played with the offers that Autobahn makes.
func TestOffersAreAutobahns(t *testing.T) {
	var cases []struct {
		ID     conformance.ID
		Offers []string
	}
	b, err := os.ReadFile("../../testdata/autobahn/compression.json")
	if err == nil {
		err = json.Unmarshal(b, &cases)
	}
	if err != nil || len(cases) != 216 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	lists := map[conformance.ID][]string{}
	for _, c := range conformance.Catalogue() {
		if step, ok := c.Script[0].(conformance.DeflateStep); ok {
			lists[c.ID] = step.Offers
		}
	}
	for _, c := range cases {
		var got []string
		for _, e := range offers(lists[c.ID]) {
			got = append(got, e.String())
		}
		if !reflect.DeepEqual(got, c.Offers) {
			t.Errorf("%s offers\n%q, want\n%q", c.ID, got, c.Offers)
		}
	}
}

// What Autobahn answers as a server, by case, to a client that offers this.
func TestAnswer(t *testing.T) {
	const pmd = "permessage-deflate"
	best := []string{"no_context_takeover; max_window_bits=9", "no_context_takeover", ""}
	for _, tt := range []struct {
		lists        []string
		offer, want  string
		ours, theirs deflate.Params
	}{
		{[]string{""}, pmd, pmd, deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 15, Takeover: true}},
		{[]string{""}, pmd + "; client_max_window_bits=10", pmd, deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 15, Takeover: true}},
		{[]string{""}, pmd + "; server_no_context_takeover; server_max_window_bits=9", pmd + "; server_no_context_takeover; server_max_window_bits=9",
			deflate.Params{Window: 9}, deflate.Params{Window: 15, Takeover: true}},
		{[]string{""}, "x, " + pmd + "; y=1, " + pmd + "; server_max_window_bits=16, " + pmd + "; server_max_window_bits=8", pmd + "; server_max_window_bits=8",
			deflate.Params{Window: 8, Takeover: true}, deflate.Params{Window: 15, Takeover: true}},
		{[]string{"no_context_takeover"}, pmd, pmd + "; client_no_context_takeover", deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 15}},
		{[]string{"max_window_bits=9"}, pmd, "", deflate.Params{}, deflate.Params{}},
		{[]string{"max_window_bits=15"}, pmd, "", deflate.Params{}, deflate.Params{}},
		{[]string{"max_window_bits=9"}, pmd + "; client_max_window_bits", pmd + "; client_max_window_bits=9",
			deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 9, Takeover: true}},
		{best, pmd + "; client_max_window_bits", pmd + "; client_no_context_takeover; client_max_window_bits=9",
			deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 9}},
		{best, pmd, pmd + "; client_no_context_takeover", deflate.Params{Window: 15, Takeover: true}, deflate.Params{Window: 15}},
		{best, "x", "", deflate.Params{}, deflate.Params{}},
		{nil, pmd, "", deflate.Params{}, deflate.Params{}},
	} {
		e, a, ok := answer(tt.lists, handshake.Header{{Name: "Sec-WebSocket-Extensions", Value: tt.offer}})
		if e.String() != tt.want || ok != (tt.want != "") || a != (agreement{server: tt.ours, client: tt.theirs}) {
			t.Errorf("%q, offered %s: %v, %+v, want %s", tt.lists, tt.offer, e, a, tt.want)
		}
	}
}

// A case is about each of a client's offers, for a server may answer any.
func TestUnoffered(t *testing.T) {
	for _, tt := range []struct{ wanted, offers, want string }{
		{"offered", "permessage-deflate", ""},
		{"offered", "x, permessage-deflate; y", ""},
		{"offered", "", "permessage-deflate is not offered"},
		{"offered", "x-webkit-deflate-frame", "permessage-deflate is not offered"},
		{"offered server_max_window_bits", "permessage-deflate; server_max_window_bits=10", ""},
		{"offered server_max_window_bits", "permessage-deflate; server_max_window_bits=10, permessage-deflate", "the device does not offer server_max_window_bits"},
		{"offered server_max_window_bits<15", "permessage-deflate; server_max_window_bits=14", ""},
		{"offered server_max_window_bits<15", "permessage-deflate; server_max_window_bits=15", "the device does not offer server_max_window_bits below 15"},
		{"offered client_max_window_bits<15", "permessage-deflate; client_max_window_bits", "the device does not offer client_max_window_bits below 15"},
		{"offered -client_max_window_bits", "permessage-deflate; server_max_window_bits=10", ""},
		{"offered -client_max_window_bits", "permessage-deflate, permessage-deflate; client_max_window_bits", "the device offers client_max_window_bits"},
		{"offered server_no_context_takeover, -client_max_window_bits", "permessage-deflate; server_no_context_takeover", ""},
	} {
		script, err := conformance.ParseScript(tt.wanted + "\ndrop")
		if err != nil {
			t.Fatal(err)
		}
		step := script[0].(conformance.OfferedStep)
		if got := unoffered(&step, handshake.Header{{Name: "Sec-WebSocket-Extensions", Value: tt.offers}}); got != tt.want {
			t.Errorf("%s, of %s: %q, want %q", tt.wanted, tt.offers, got, tt.want)
		}
	}
}

func TestAgreed(t *testing.T) {
	full := deflate.Params{Window: 15, Takeover: true}
	for _, tt := range []struct {
		answer string
		want   agreement
		fault  string
	}{
		{"permessage-deflate", agreement{full, full}, ""},
		{"permessage-deflate; server_no_context_takeover; client_no_context_takeover", agreement{deflate.Params{Window: 15}, deflate.Params{Window: 15}}, ""},
		{`permessage-deflate; server_max_window_bits=8; client_max_window_bits="10"`,
			agreement{deflate.Params{Window: 10, Takeover: true}, deflate.Params{Window: 8, Takeover: true}}, ""},
		{"", agreement{}, ""},
		{"permessage-deflate; x", agreement{}, `"x" is no parameter of it`},
		{"permessage-deflate; server_no_context_takeover; server_no_context_takeover", agreement{}, "server_no_context_takeover twice"},
		{"permessage-deflate; server_no_context_takeover=1", agreement{}, `server_no_context_takeover has the value "1"`},
		{"permessage-deflate; server_max_window_bits", agreement{}, `server_max_window_bits is "", wanted 8 to 15`},
		{"permessage-deflate; client_max_window_bits", agreement{}, `client_max_window_bits is "", wanted 8 to 15`},
		{"permessage-deflate; server_max_window_bits=7", agreement{}, `server_max_window_bits is "7", wanted 8 to 15`},
		{"permessage-deflate; server_max_window_bits=16", agreement{}, `server_max_window_bits is "16", wanted 8 to 15`},
		{"permessage-deflate; server_max_window_bits=08", agreement{}, `server_max_window_bits is "08", wanted 8 to 15`},
		{"permessage-deflate, permessage-deflate", agreement{}, "2 extensions in the answer, wanted permessage-deflate once"},
	} {
		got, ok, err := agreed(handshake.Header{{Name: "Sec-WebSocket-Extensions", Value: tt.answer}})
		switch {
		case tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)):
			t.Errorf("%s: %v, want %s", tt.answer, err, tt.fault)
		case tt.fault == "" && (err != nil || got != tt.want || ok != (tt.answer != "")):
			t.Errorf("%s: %+v, %v, %v", tt.answer, got, ok, err)
		}
	}
}
