package page

import "wsprobe/internal/witness"

// A rule is one that a device has broken. The witness has spelled out what does
// not print.
type rule struct {
	Row, Clause, Link, Detail, Octets, Count string
}

func newRule(v witness.Violation) rule {
	r := rule{Row: v.Row, Clause: v.Clause, Link: v.Link(), Detail: v.Detail, Count: grouped(v.Count)}
	if len(v.Octets) > 0 {
		r.Octets = v.Shown()
	}
	return r
}
