package conformance

import (
	"fmt"
	"slices"
	"strings"

	"wsprobe/internal/wire"
)

// Row is a requirement of RFC 6455, or of what stands beside it, that can be
// seen from outside. Its ID is never given to another.
type Row struct {
	ID          string    // "SRQ-11"
	Source      string    // where it stands: "RFC 6455 §4.2.1(5)"
	Device      wire.Role // whom it binds; 0 is both roles
	Level       Level     // cases may have one of their own, where the row gives it to a stimulus
	Not         bool      // MUST NOT, SHOULD NOT
	Requirement string    // in words of ours
	Note        string    // how it is stimulated and judged
}

// Rows returns the requirement rows, group by group.
func Rows() []Row {
	return slices.Concat(openingRows, serverOpeningRows, framesRows, messagesRows, extensionsRows)
}

// RowOf returns the row that leads an ID: SRQ-11 for SRQ.11.3, or for SRQ.11,
// the result of the row's own. Autobahn's cases have none.
func RowOf(id ID) (Row, bool) {
	parts := strings.SplitN(string(id), ".", 3)
	if len(parts) < 2 {
		return Row{}, false
	}
	row, ok := rowByID[fmt.Sprintf("%s-%02s", parts[0], parts[1])]
	return row, ok
}

var rowByID = func() map[string]Row {
	byID := map[string]Row{}
	for _, row := range Rows() {
		byID[row.ID] = row
	}
	return byID
}()

// Result returns the ID of the result that is the row's own, decided from all
// connections of a run: FRM.14 of FRM-14.
func (r Row) Result() ID {
	group, number, _ := strings.Cut(r.ID, "-")
	return ID(group + "." + strings.TrimPrefix(number, "0"))
}

// Strength returns how strong the row is, in words: "must not".
func (r Row) Strength() string {
	if r.Not {
		return r.Level.String() + " not"
	}
	return r.Level.String()
}

// Title returns the requirement as the title of the row's own result.
func (r Row) Title() string {
	if r.Not {
		return "It must not be: " + r.Requirement
	}
	return r.Requirement
}

// Binds reports whether the row is about devices of this role.
func (r Row) Binds(device wire.Role) bool { return r.Device == 0 || r.Device == device }

// Observed returns the rows that are judged in every case of every run, for
// devices of a role.
func Observed(device wire.Role) (rows []Row) {
	for _, row := range Rows() {
		if slices.Contains(observed, row.ID) && row.Binds(device) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Coverage is what judges a row.
type Coverage struct {
	Row      Row
	Observed bool     // from all connections of a run, in a result of the row's own
	Patterns []string // of the cases: the row's own, Autobahn's, and other rows'
	Cases    []ID     // that the patterns take
	NoCase   string   // why no case can, ""
}

// Cover returns what judges each row, given the cases there are.
func Cover(cases []Case) []Coverage {
	var all []Coverage
	for _, row := range Rows() {
		c := Coverage{Row: row, Observed: slices.Contains(observed, row.ID), NoCase: noCase[row.ID]}
		for _, pattern := range append([]string{string(row.Result()) + ".*"}, otherCases[row.ID]...) {
			found := false
			for _, one := range cases {
				if one.ID.Matches(pattern) {
					found = true
					c.Cases = append(c.Cases, one.ID)
				}
			}
			if found {
				c.Patterns = append(c.Patterns, pattern)
			}
		}
		all = append(all, c)
	}
	return all
}

// String says what judges the row: "SRQ.11.* (7 cases)", or why nothing does.
func (c Coverage) String() string {
	var parts []string
	switch n := len(c.Cases); {
	case n == 1:
		parts = append(parts, string(c.Cases[0]))
	case n > 1:
		parts = append(parts, fmt.Sprintf("%s (%d cases)", strings.Join(c.Patterns, " "), n))
	}
	if c.Observed {
		parts = append(parts, fmt.Sprintf("%s (every connection)", c.Row.Result()))
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case c.NoCase != "":
		return "no case: " + c.NoCase
	}
	return "nothing yet"
}
