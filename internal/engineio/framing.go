package engineio

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDigits of a length: more than any body that is read has octets.
const maxDigits = 8

func cutSeparator(body string) (packet, rest string, more bool) {
	return strings.Cut(body, string(rune(separator)))
}

// nextCounted reads "2:40" from the front of a body.
func nextCounted(body string) (packet, rest string, err error) {
	n, digits := 0, 0
	for ; digits < len(body) && body[digits] != ':'; digits++ {
		if d := body[digits]; d < '0' || d > '9' || digits == maxDigits {
			return "", "", errLength
		}
		n = 10*n + int(body[digits]-'0')
	}
	if digits == 0 || digits == len(body) {
		return "", "", errLength
	}
	body = body[digits+1:]
	end, ok := afterUnits(body, n)
	if !ok {
		return "", "", errShort
	}
	return body[:end], body[end:], nil
}

// nextBinary reads 00 02 ff "40" from the front of a body. A binary element
// becomes "b".
func nextBinary(body string) (packet, rest string, err error) {
	if body == "" || body[0] > binaryElement {
		return "", "", errElement
	}
	n, at := 0, 1
	for ; at < len(body) && body[at] != endOfLength; at++ {
		if body[at] > 9 || at > maxDigits {
			return "", "", errLength
		}
		n = 10*n + int(body[at])
	}
	if at == 1 || at == len(body) {
		return "", "", errLength
	}
	element := body[0]
	body = body[at+1:]
	if n > len(body) {
		return "", "", errShort
	}
	if element == binaryElement {
		return string(rune(packetBinary)), body[n:], nil
	}
	return body[:n], body[n:], nil
}

// units is the length of s in UTF-16 code units, as the clients' language counts.
func units(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// afterUnits is the offset behind the first n code units of s, if there are as
// many and they end with a character.
func afterUnits(s string, n int) (offset int, ok bool) {
	for offset < len(s) && n > 0 {
		r, size := utf8.DecodeRuneInString(s[offset:])
		offset += size
		n -= utf16.RuneLen(r)
	}
	return offset, n == 0
}
