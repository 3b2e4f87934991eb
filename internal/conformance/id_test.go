package conformance_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
)

func TestIDOrder(t *testing.T) {
	ordered := []ID{"1.1.1", "1.1.2", "1.1.10", "1.2.1", "2.1", "2.2", "2.10", "2.11", "3.1", "6.4", "6.4.1", "6.22.9", "6.22.10",
		"7.1.6", "7.3.1", "7.13.1", "9.1.1", "10.1.1", "CRQ.2", "SRQ.2.1", "SRQ.11", "SRQ.11.3", "SRQ.11.x"}
	shuffled := slices.Clone(ordered)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	slices.SortFunc(shuffled, ID.Compare)
	if !slices.Equal(shuffled, ordered) {
		t.Errorf("%v, want %v", shuffled, ordered)
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
	}
	if got := ID("SRQ.11.3").Group(); got != "SRQ" {
		t.Errorf("SRQ.11.3 is in group %q", got)
	}
}

func TestIDMatches(t *testing.T) {
	for _, c := range []struct {
		pattern string
		takes   string
		leaves  string
	}{
		{"7.1.1", "7.1.1", "7.1.10 7.1 17.1.1"},
		{"7.1.*", "7.1.1 7.1.6", "7.13.1 17.1.1"},
		{"7.1*", "7.1.1 7.13.1", "7.3.1 17.1.1"},
		{"7.*", "7.1.1 7.13.2", "77.1 17.1"},
		{"*", "7.1.1 SRQ.11.3", ""},
		{"*.1", "7.1 1.1.8", "2.3"}, // open at the end, as Autobahn has it
		{"6.*.1", "6.1.1 6.22.1 6.22.10", "7.1.1"},
		{"SRQ.11.*", "SRQ.11.3", "SRQ.1.1 SRQ.113"},
		{"1.1", "1.1", "1.1.1 111"},
		{"", "", "1.1.1"},
		{"[1-9].*", "", "1.1.1"},
		{"(", "", "1.1.1"},
	} {
		for _, id := range strings.Fields(c.takes) {
			if !ID(id).Matches(c.pattern) {
				t.Errorf("%q leaves %s", c.pattern, id)
			}
		}
		for _, id := range strings.Fields(c.leaves) {
			if ID(id).Matches(c.pattern) {
				t.Errorf("%q takes %s", c.pattern, id)
			}
		}
	}
}

func TestSelect(t *testing.T) {
	all := Catalogue()
	for _, c := range []struct {
		patterns []string
		count    int
		first    ID
	}{
		{nil, len(Catalogue()), "1.1.1"},
		{[]string{"*"}, len(Catalogue()), "1.1.1"},
		{[]string{Autobahn}, 517, "1.1.1"},
		{[]string{"SRQ.11.*"}, 10, "SRQ.11.1"},
		{[]string{"9.*"}, 54, "9.1.1"},
		{[]string{"7.1.*"}, 6, "7.1.1"},
		{[]string{"7.1*"}, 8, "7.1.1"},
		{[]string{"10.1.1", "1.1.1", "1.1.*"}, 9, "1.1.1"},
	} {
		got, err := Select(all, c.patterns...)
		if err != nil || len(got) != c.count || got[0].ID != c.first {
			t.Errorf("%q: %d cases, error %v, want %d from %s on", c.patterns, len(got), err, c.count, c.first)
		}
		if !slices.IsSortedFunc(got, func(a, b Case) int { return a.ID.Compare(b.ID) }) {
			t.Errorf("%q: out of order", c.patterns)
		}
	}
	for _, patterns := range [][]string{{"8.*"}, {"1.1"}, {"1.*", "99.1"}, {""}} {
		got, err := Select(all, patterns...)
		if want := `no case matches "` + patterns[len(patterns)-1] + `"`; err == nil || err.Error() != want || got != nil {
			t.Errorf("%q: %d cases, error %v, want %s", patterns, len(got), err, want)
		}
	}
}
