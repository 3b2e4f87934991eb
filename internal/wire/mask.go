package wire

import "encoding/binary"

// Mask masks or unmasks b in place (RFC 6455 §5.3). b begins at octet offset
// of the payload, so that a payload can be masked in pieces. It works on
// words: the key repeats every four octets and so fits eight.
func Mask(b []byte, key [4]byte, offset int) {
	if offset &= 3; offset != 0 {
		key = [4]byte{key[offset], key[(offset+1)&3], key[(offset+2)&3], key[(offset+3)&3]}
	}
	k := uint64(binary.LittleEndian.Uint32(key[:]))
	k |= k << 32
	for len(b) >= 64 { // a cache line at a time
		line := b[:64:64]
		for i := 0; i < 64; i += 8 {
			binary.LittleEndian.PutUint64(line[i:], binary.LittleEndian.Uint64(line[i:])^k)
		}
		b = b[64:]
	}
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^k)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
}
