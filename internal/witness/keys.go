package witness

import (
	"fmt"
	"slices"
)

// printed are keys that stand in documents and sources, and so are nobody's.
var printed = map[string]string{
	"the sample nonce": "RFC 6455's sample",
	"0123456789abcdef": "a constant of a device library",
	"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10": "RFC 6455's other sample",
}

// stale says why the key of an opening handshake is not "a nonce consisting of a
// randomly selected 16-byte value" (RFC 6455 §4.1), "" if it may be one. It
// keeps the key. shown is the key as it was sent.
func (r *record) stale(key [16]byte, shown string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	again := slices.Contains(r.keys, key)
	if !again {
		if len(r.keys) == keptKeys {
			r.keys = append(r.keys[:0], r.keys[1:]...)
		}
		r.keys = append(r.keys, key)
	}
	switch {
	case printed[string(key[:])] != "":
		return fmt.Sprintf("the key %s is %s", shown, printed[string(key[:])])
	case key == [16]byte(slices.Repeat(key[:1], len(key))):
		return fmt.Sprintf("the key %s is one octet, again and again", shown)
	case again:
		return fmt.Sprintf("the key %s again, from an earlier handshake", shown)
	}
	return ""
}
