package inputs

import "strconv"

// marker returns what the payload of message i of input n begins with, as far
// as it has room: an octet in what a device sends can be told to be of another
// message, or of another connection. It is as short as it can be.
func marker(n, i int) string {
	return "<" + strconv.FormatInt(int64(n), 36) + "." + strconv.FormatInt(int64(i), 36) + ">"
}
