package page

import (
	"regexp"

	"wsprobe/internal/witness"
)

// A rule is one that a device has broken. The witness has spelled out what does
// not print.
type rule struct {
	Row, Clause, Link, Detail, Octets string
	Count                             string
}

func newRule(v witness.Violation) rule {
	r := rule{Row: v.Row, Clause: v.Clause, Link: link(v.Clause), Detail: v.Detail, Count: grouped(v.Count)}
	if len(v.Octets) > 0 {
		r.Octets = v.Shown()
	}
	return r
}

var clauseOfRFC = regexp.MustCompile(`^RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?$`)

// link is where a clause can be read, "" if that is not known.
func link(clause string) string {
	m := clauseOfRFC.FindStringSubmatch(clause)
	switch {
	case m == nil:
		return ""
	case m[2] == "":
		return "https://www.rfc-editor.org/rfc/rfc" + m[1]
	}
	return "https://www.rfc-editor.org/rfc/rfc" + m[1] + "#section-" + m[2]
}
