package fuzzing

import (
	"bytes"
	"strconv"
)

// Marker returns what the payload of message i of input n begins with, as far
// as it has room: an octet in what a device sends can be told to be of another
// message, or of another connection. It is as short as it can be.
func Marker(n, i int) string {
	return "<" + strconv.FormatInt(int64(n), 36) + "." + strconv.FormatInt(int64(i), 36) + ">"
}

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
