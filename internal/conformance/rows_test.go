package conformance_test

import (
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func TestRows(t *testing.T) {
	rows := Rows()
	if len(rows) != 275 {
		t.Errorf("%d rows, want 275", len(rows))
	}
	levels := map[string]int{}
	for i, r := range rows {
		group, number, ok := strings.Cut(r.ID, "-")
		if !ok || len(group) != 3 || len(number) != 2 {
			t.Errorf("%q is no ID of a row", r.ID)
		}
		if slices.ContainsFunc(rows[:i], func(other Row) bool { return other.ID == r.ID }) {
			t.Errorf("%s stands there twice", r.ID)
		}
		if r.Source == "" || r.Requirement == "" || r.Note == "" {
			t.Errorf("%s says too little: %+v", r.ID, r)
		}
		if got, ok := RowOf(r.Result() + ".1"); !ok || got.ID != r.ID {
			t.Errorf("%s.1 is led by %q, want %s", r.Result(), got.ID, r.ID)
		}
		levels[r.Strength()]++
	}
	want := map[string]int{"must": 161, "info": 34, "derived": 30, "must not": 20, "should": 16, "may": 13, "should not": 1}
	for level, n := range want {
		if levels[level] != n {
			t.Errorf("%d rows are %s, want %d", levels[level], level, n)
		}
	}
}

func TestRowOf(t *testing.T) {
	for id, want := range map[ID]string{"SRQ.11.3": "SRQ-11", "SRQ.1.1": "SRQ-01", "FRM.14": "FRM-14", "5.4": "", "7.1.6": "", "SRQ": "", "SRQ.99.1": ""} {
		if row, ok := RowOf(id); row.ID != want || ok != (want != "") {
			t.Errorf("%s is led by %q, want %q", id, row.ID, want)
		}
	}
}

// Nothing in the groups that are judged stands at nothing, unless it is said
// why. What binds a role has cases for that role.
func TestCoverage(t *testing.T) {
	judged := []string{"URI", "CRQ", "CRV", "SRQ", "SRS", "MSK", "LEN", "PMD"}
	cases := Catalogue()
	for _, c := range Cover(cases) {
		group, _, _ := strings.Cut(c.Row.ID, "-")
		if slices.Contains(judged, group) && !c.Observed && len(c.Cases) == 0 && c.NoCase == "" {
			t.Errorf("nothing judges %s: %s", c.Row.ID, c.Row.Requirement)
		}
		// Every row of these has a case of its own.
		if group == "SRQ" || group == "SRS" || group == "CRV" {
			own := string(c.Row.Result()) + ".*"
			if _, err := Select(cases, own); err != nil && c.NoCase == "" {
				t.Errorf("%s has no case of its own", c.Row.ID)
			}
		}
		for _, id := range c.Cases {
			i := slices.IndexFunc(cases, func(c Case) bool { return c.ID == id })
			if c.Row.Device != 0 && !cases[i].Fits(c.Row.Device) {
				t.Errorf("%s judges %s, but does not fit a %v", id, c.Row.ID, c.Row.Device)
			}
		}
	}
}

// A case is as strong as its row, or what the row's note says of the stimulus.
func TestLevelsAreTheRows(t *testing.T) {
	for _, c := range Catalogue() {
		row, led := RowOf(c.ID)
		if !led || c.Level == row.Level {
			continue
		}
		// A note that names levels gives them to its stimuli; LEN-03 is told by a step.
		named := []string{"INFO", "warn", "acting = fail", "Strict only", "never a crash", "strict"}
		if !slices.ContainsFunc(named, func(word string) bool { return strings.Contains(row.Note+row.Requirement, word) }) {
			t.Errorf("%s is %v, but %s is %v", c.ID, c.Level, row.ID, row.Level)
		}
	}
	if !(Case{ID: "MSK.1.1", Script: Script{Drop()}}).Fits(wire.Server) || (Case{ID: "MSK.1.1", Script: Script{Drop()}}).Fits(wire.Client) {
		t.Error("MSK-01 binds servers only")
	}
}
