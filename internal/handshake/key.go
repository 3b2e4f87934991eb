package handshake

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strings"
)

// guid is concatenated to the key (RFC 6455 §4.2.2 (5.4)).
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// keyOctets is the length of the nonce behind a key (RFC 6455 §4.1).
const keyOctets = 16

// Accept returns the value of Sec-WebSocket-Accept that answers the key, as it
// stands on the wire: it is not decoded (RFC 6455 §4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + guid))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// NewKey returns the value of Sec-WebSocket-Key for 16 octets, which the client
// draws at random for each connection (RFC 6455 §4.1).
func NewKey(random [keyOctets]byte) string {
	return base64.StdEncoding.EncodeToString(random[:])
}

// KeyOctets returns the 16 octets behind a key. It is an error if the key is not
// base64 or decodes to another number. Pad bits that are not zero are none: RFC
// 6455's own sample has such (errata 3150); NewKey of the octets differs then.
func KeyOctets(key string) ([]byte, error) {
	// encoding/base64 passes over line ends, the grammar of §4.3 does not.
	if strings.ContainsAny(key, "\r\n") {
		return nil, fmt.Errorf("key %s is not base64", quote(key))
	}
	octets, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, fmt.Errorf("key %s is not base64", quote(key))
	}
	if len(octets) != keyOctets {
		return nil, fmt.Errorf("key %s decodes to %d octets, wanted %d", quote(key), len(octets), keyOctets)
	}
	return octets, nil
}
