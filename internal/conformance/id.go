package conformance

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ID names a case for ever: "5.4" as in the Autobahn testsuite, or led by the
// requirement row that it tests, as in "SRQ.11.3".
type ID string

// Group returns the first part of the ID: "7" of 7.1.6, "SRQ" of SRQ.11.3.
func (id ID) Group() string {
	group, _, _ := strings.Cut(string(id), ".")
	return group
}

// Compare orders IDs by their parts: numbers by value and before words.
func (id ID) Compare(other ID) int {
	return slices.CompareFunc(strings.Split(string(id), "."), strings.Split(string(other), "."), func(a, b string) int {
		m, errA := strconv.Atoi(a)
		n, errB := strconv.Atoi(b)
		switch {
		case errA == nil && errB == nil:
			return cmp.Compare(m, n)
		case errA == nil:
			return -1
		case errB == nil:
			return 1
		}
		return strings.Compare(a, b)
	})
}

// Autobahn is the pattern of all cases that are the Autobahn testsuite's.
const Autobahn = "autobahn"

// Matches reports whether pattern, in Autobahn's syntax, takes id: "." is
// itself, "*" is anything, and a pattern with a star is anchored at its start
// only, so that 7.1* takes 7.13.1 too and 7.1.* does not. Without a star a
// pattern is one ID, or [Autobahn].
func (id ID) Matches(pattern string) bool {
	if pattern == Autobahn {
		return id != "" && id[0] <= '9'
	}
	if !strings.Contains(pattern, "*") {
		return string(id) == pattern
	}
	if prefix, last := strings.CutSuffix(pattern, "*"); last && !strings.Contains(prefix, "*") {
		return strings.HasPrefix(string(id), prefix)
	}
	re := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
	ok, err := regexp.MatchString(re, string(id))
	return ok && err == nil
}

// Select returns the cases that one of the patterns takes, in their order.
// Without patterns it returns all. A pattern that takes no case is an error,
// for it is a slip of the pen.
func Select(cases []Case, patterns ...string) ([]Case, error) {
	if len(patterns) == 0 {
		return cases, nil
	}
	taken := make([]bool, len(cases))
	for _, pattern := range patterns {
		found := false
		for i, c := range cases {
			if c.ID.Matches(pattern) {
				taken[i], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("no case matches %q", pattern)
		}
	}
	var selected []Case
	for i, c := range cases {
		if taken[i] {
			selected = append(selected, c)
		}
	}
	return selected, nil
}
