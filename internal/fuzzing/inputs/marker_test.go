package inputs

import (
	"bytes"
	"strconv"
)

// maxMarker is the longest marker, in octets.
const maxMarker = 2*13 + 3

// Marked returns of which message of which input the first whole marker in
// octets is; more is what comes behind it.
func Marked(octets []byte) (n, i int, more []byte, ok bool) {
	for {
		at := bytes.IndexByte(octets, '<')
		if at < 0 {
			return 0, 0, nil, false
		}
		octets = octets[at+1:]
		end := bytes.IndexByte(octets[:min(len(octets), maxMarker)], '>')
		if end < 0 {
			continue
		}
		input, message, _ := bytes.Cut(octets[:end], []byte("."))
		a, err := strconv.ParseInt(string(input), 36, 0)
		b, err2 := strconv.ParseInt(string(message), 36, 0)
		if err == nil && err2 == nil && a >= 0 && b >= 0 {
			return int(a), int(b), octets[end+1:], true
		}
	}
}
