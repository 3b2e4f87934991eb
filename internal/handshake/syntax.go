package handshake

import (
	"fmt"
	"strconv"
	"strings"
)

// SyntaxError is the first place where a text departs from its grammar.
type SyntaxError struct {
	Line   int    // the line, 1 being the first; 0 in a text without lines
	Offset int    // octets of the text before the fault
	Fault  string // what is wrong, with at most 64 octets of the text, escaped
}

// Error tells place and fault: `line 2, octet 16: no colon in "Host"`.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("octet %d: %s", e.Offset, e.Fault)
	}
	return fmt.Sprintf("line %d, octet %d: %s", e.Line, e.Offset, e.Fault)
}

// lineFault says where in a line, its end taken off, the first fault is, and
// what it is; "" if there is none.
type lineFault func(line string) (at int, fault string)

// checkHead holds a head against the grammar of HTTP/1.1 without any tolerance
// (RFC 9112 §2.1) and returns the first fault, nil if there is none.
func checkHead(head string, start lineFault) *SyntaxError {
	check, offset := start, 0
	for n := 1; ; n++ {
		line, end := cutLine(head[offset:])
		if line != "" {
			if at, fault := check(line); fault != "" {
				return &SyntaxError{n, offset + at, fault}
			}
		}
		offset += len(line)
		switch {
		case end == "":
			return &SyntaxError{n, offset, "no blank line"}
		case end == "\n":
			return &SyntaxError{n, offset, "line ends in LF without CR"}
		case line == "" && n == 1:
			return &SyntaxError{n, offset, "empty line before the start line"}
		}
		offset += len(end)
		if line == "" && offset < len(head) {
			return &SyntaxError{n, offset, "octets behind the blank line"}
		}
		if line == "" {
			return nil
		}
		check = fieldFault
	}
}

// cutLine returns the first line and what ends it: CRLF, LF, or nothing.
func cutLine(text string) (line, end string) {
	line, _, ended := strings.Cut(text, "\n")
	if !ended {
		return line, ""
	}
	if line, ended = strings.CutSuffix(line, "\r"); ended {
		return line, "\r\n"
	}
	return line, "\n"
}

// field-line = field-name ":" OWS field-value OWS (RFC 9112 §5)
func fieldFault(line string) (int, string) {
	if isBlank(line[0]) {
		return 0, "line begins with a blank (obs-fold)"
	}
	name, value, colon := strings.Cut(line, ":")
	if !colon {
		return 0, "no colon in " + quote(line)
	}
	if name == "" {
		return 0, "no name before the colon in " + quote(line)
	}
	for i := range len(name) {
		if isBlank(name[i]) {
			return i, "blank in the name " + quote(name)
		}
		if !isTokenOctet(name[i]) {
			return i, fmt.Sprintf("octet %#02x in the name %s", name[i], quote(name))
		}
	}
	if i := indexControl(value); i >= 0 {
		return len(name) + 1 + i, fmt.Sprintf("octet %#02x in the value of %s", value[i], quote(name))
	}
	return 0, ""
}

// request-line = method SP request-target SP HTTP-version (RFC 9112 §3)
func requestLineFault(line string) (int, string) {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ := strings.Cut(rest, " ")
	switch {
	case !isToken(method):
		return 0, "no method in " + quote(line)
	case target == "":
		return len(method), "no target in " + quote(line)
	case !isVersion(version):
		return len(line) - len(version), "no HTTP version in " + quote(line)
	}
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c >= 0x7f {
			return len(method) + 1 + i, fmt.Sprintf("octet %#02x in the target", c)
		}
	}
	return 0, ""
}

// status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 §4)
func statusLineFault(line string) (int, string) {
	version, rest, _ := strings.Cut(line, " ")
	status, reason, space := strings.Cut(rest, " ")
	switch {
	case !isVersion(version):
		return 0, "no HTTP version in " + quote(line)
	case !isStatus(status):
		return len(version), "no status in " + quote(line)
	case !space:
		return len(line), "no SP after the status"
	}
	if i := indexControl(reason); i >= 0 {
		return len(line) - len(reason) + i, fmt.Sprintf("octet %#02x in the reason phrase", reason[i])
	}
	return 0, ""
}

func isVersion(s string) bool {
	return len(s) == len("HTTP/1.1") && strings.HasPrefix(s, "HTTP/") && isDigit(s[5]) && s[6] == '.' && isDigit(s[7])
}

func isStatus(s string) bool {
	return len(s) == 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2])
}

// indexControl finds the first octet that no field value may hold (RFC 9110
// §5.5): controls except HTAB. Octets from 0x80 are lawful (obs-text).
func indexControl(s string) int {
	return strings.IndexFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f })
}

func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenOctet(s[i]) {
			return false
		}
	}
	return s != ""
}

// isTokenOctet is tchar of RFC 9110 §5.6.2.
func isTokenOctet(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isLetter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isBlank(c byte) bool  { return c == ' ' || c == '\t' }

// longestQuote is how many octets of a peer's text a message shows.
const longestQuote = 64

// quote shows a peer's text in quotes, see escape.
func quote(s string) string { return `"` + escape(s) + `"` }

// escape makes a peer's text fit to be shown: a terminal must not obey it, nor
// be filled by it.
func escape(s string) string {
	cut, more := s, ""
	if len(s) > longestQuote {
		cut, more = s[:longestQuote], "…"
	}
	quoted := strconv.Quote(cut)
	return quoted[1:len(quoted)-1] + more
}
