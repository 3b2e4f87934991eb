package conformance

import "regexp"

var clauseOfRFC = regexp.MustCompile(`^RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?$`)

// ClauseLink returns where a clause such as "RFC 6455 §5.1" can be read, "" if it
// is not one of an RFC.
func ClauseLink(clause string) string {
	m := clauseOfRFC.FindStringSubmatch(clause)
	switch {
	case m == nil:
		return ""
	case m[2] == "":
		return "https://www.rfc-editor.org/rfc/rfc" + m[1]
	}
	return "https://www.rfc-editor.org/rfc/rfc" + m[1] + "#section-" + m[2]
}
