package echo

import (
	"encoding/binary"
	"unicode/utf8"
)

// wholeRunes tells how many octets of p are whole characters, and whether all
// is well so far: the at most three octets left over may begin a character, and
// no octet in p is one that UTF-8 cannot have there (RFC 3629 §4).
func wholeRunes(p []byte) (n int, ok bool) {
	n = len(p)
	for i := n - 1; i >= 0 && i >= n-3; i-- {
		if utf8.RuneStart(p[i]) {
			// FullRune knows bad octets early: F4 90 is full, being no
			// prefix of anything.
			if !utf8.FullRune(p[i:]) {
				n = i
			}
			break
		}
	}
	return n, utf8.Valid(p[:n])
}

// beginning is a text, cut between two characters if it has more than so many octets.
func beginning(text []byte, most int) []byte {
	if len(text) <= most {
		return text
	}
	whole, _ := wholeRunes(text[:most])
	return text[:whole]
}

// text is what is known of a text that comes in pieces, masked. The zero value
// is of one of which nothing has come.
type text struct {
	open [utf8.UTFMax]byte // a character that has begun
	have int               // octets of it
	bad  bool              // it is none
}

// add takes the next octets, the first of which is masked with that octet of the
// key.
func (t *text) add(octets []byte, key [keySize]byte, at int) {
	for len(octets) > 0 && !t.bad {
		n := 0
		if t.have == 0 {
			n = ascii(octets, key, at)
		}
		if n == 0 {
			n = t.addSome(octets, key, at)
		}
		octets = octets[n:]
		at += n
	}
}

// addSome takes octets of whatever text, and returns how many.
func (t *text) addSome(octets []byte, key [keySize]byte, at int) int {
	var buffer [512]byte
	have := copy(buffer[:], t.open[:t.have])
	n := min(len(octets), len(buffer)-have)
	unmask(buffer[have:have+n], octets, key, at)
	piece := buffer[:have+n]
	whole, ok := wholeRunes(piece)
	t.bad = !ok
	t.have = copy(t.open[:], piece[whole:])
	return n
}

// end is that nothing follows.
func (t *text) end() { t.bad = t.bad || t.have > 0 }

// ascii returns how many octets at the beginning are ASCII, as most text is. To
// tell that, they need not be unmasked.
func ascii(octets []byte, key [keySize]byte, at int) (n int) {
	const high = 0x80808080_80808080
	keys := twice(key, at)
	for ; n+32 <= len(octets); n += 32 {
		o := octets[n : n+32]
		a, b := binary.NativeEndian.Uint64(o)^keys, binary.NativeEndian.Uint64(o[8:])^keys
		c, d := binary.NativeEndian.Uint64(o[16:])^keys, binary.NativeEndian.Uint64(o[24:])^keys
		if (a|b|c|d)&high != 0 {
			break
		}
	}
	for ; n < len(octets) && octets[n]^key[(at+n)&3] < utf8.RuneSelf; n++ {
	}
	return n
}

// unmask sets to to the octets without their mask.
func unmask(to, octets []byte, key [keySize]byte, at int) {
	keys := twice(key, at)
	n := 0
	for ; n+8 <= len(to); n += 8 {
		binary.NativeEndian.PutUint64(to[n:], binary.NativeEndian.Uint64(octets[n:])^keys)
	}
	for ; n < len(to); n++ {
		to[n] = octets[n] ^ key[(at+n)&3]
	}
}

// twice is the key, from that octet on, as a number of eight octets in memory.
func twice(key [keySize]byte, at int) uint64 {
	var b [2 * keySize]byte
	for i := range b {
		b[i] = key[(at+i)&3]
	}
	return binary.NativeEndian.Uint64(b[:])
}
