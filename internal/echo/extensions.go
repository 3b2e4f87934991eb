package echo

import (
	"fmt"
	"strings"
)

// An offer is an element of Sec-WebSocket-Extensions: RFC 6455 §9.1.
type offer struct {
	name       string
	parameters []offeredParameter
}

type offeredParameter struct {
	name, value string
	valued      bool // there is an "="
}

// parseOffers reads the list by its grammar. A comma or semicolon within quotes
// needs no care: "the value after quoted-string unescaping MUST conform to the
// 'token' ABNF", and neither does.
func parseOffers(list string) (offers []offer, err error) {
	for element := range strings.SplitSeq(list, ",") {
		if strings.Trim(element, blanks) == "" {
			continue // RFC 9110 §5.6.1.2
		}
		var o offer
		for i, part := range strings.Split(element, ";") {
			name, value, valued := strings.Cut(part, "=")
			name, value = strings.Trim(name, blanks), strings.Trim(value, blanks)
			if valued {
				value = unquote(value)
			}
			if !isToken(name) || valued && (i == 0 || !isToken(value)) {
				return nil, fmt.Errorf("Sec-WebSocket-Extensions: %.40q is not of the grammar of RFC 6455 §9.1", part)
			}
			if i == 0 {
				o.name = name
			} else {
				o.parameters = append(o.parameters, offeredParameter{name, value, valued})
			}
		}
		offers = append(offers, o)
	}
	return offers, nil
}

const blanks = " \t"

// unquote takes the quotes off a quoted string, and its escapes. What is none, or
// has no end, comes back as it is, or without its beginning: no token either way.
func unquote(s string) string {
	rest, ok := strings.CutPrefix(s, `"`)
	if !ok {
		return s
	}
	var value strings.Builder
	for i := 0; i < len(rest); i++ {
		switch {
		case rest[i] == '"' && i == len(rest)-1:
			return value.String()
		case rest[i] == '"':
			return s
		case rest[i] == '\\' && i < len(rest)-1:
			i++
		}
		value.WriteByte(rest[i])
	}
	return s
}

// isToken: RFC 9110 §5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
