package handshake_test

import (
	"strings"
	"testing"

	"wsprobe/internal/handshake"
)

func TestAccept(t *testing.T) {
	if got := handshake.Accept(sampleKey); got != sampleAccept {
		t.Errorf("accept %q, want %q", got, sampleAccept)
	}
}

func TestNewKey(t *testing.T) {
	random := [16]byte([]byte("the sample nonce"))
	if got := handshake.NewKey(random); got != sampleKey {
		t.Errorf("key %q, want %q", got, sampleKey)
	}
	octets, err := handshake.KeyOctets(sampleKey)
	if err != nil || [16]byte(octets) != random {
		t.Errorf("octets %q, error %v, want %q", octets, err, random)
	}
}

func TestKeyOctets(t *testing.T) {
	// RFC 6455 §4.1's own sample, whose pad bits are not zero.
	octets, err := handshake.KeyOctets("AQIDBAUGBwgJCgsMDQ4PEC==")
	if want := "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"; err != nil || string(octets) != want {
		t.Errorf("octets %x, error %v, want %x", octets, err, want)
	}
	for key, want := range map[string]string{
		"":                                `key "" decodes to 0 octets, wanted 16`,
		"foo":                             `key "foo" is not base64`,
		"!!!!":                            `key "!!!!" is not base64`,
		"AAAA":                            `key "AAAA" decodes to 3 octets, wanted 16`,
		"dGhlIHNhbXBsZSBub25jZQ":          `key "dGhlIHNhbXBsZSBub25jZQ" is not base64`,
		"dGhlIHNhbXBs\r\n ZSBub25jZQ==":   `key "dGhlIHNhbXBs\r\n ZSBub25jZQ==" is not base64`,
		"dGhlIHNhbXBs\nZSBub25jZQ==":      `key "dGhlIHNhbXBs\nZSBub25jZQ==" is not base64`,
		"\x1b[2J":                         `key "\x1b[2J" is not base64`,
		strings.Repeat("A", 4096):         `key "` + strings.Repeat("A", 64) + `…" decodes to 3072 octets, wanted 16`,
		strings.Repeat("A", 64) + "\x00b": `key "` + strings.Repeat("A", 64) + `…" is not base64`,
	} {
		if _, err := handshake.KeyOctets(key); err == nil || err.Error() != want {
			t.Errorf("error of %.70q: %v, want %s", key, err, want)
		}
	}
}
