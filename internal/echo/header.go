package echo

import "encoding/binary"

// The header of a frame: RFC 6455 §5.2.

// Of its first octet.
const (
	fin        = 0x80
	rsv1       = 0x40 // on the first frame of a message: it is compressed, RFC 7692 §6
	opcodeBits = 0x0f

	opcodeContinuation = 0x0
	opcodeText         = 0x1
	opcodeBinary       = 0x2
	opcodeClose        = 0x8
	opcodePing         = 0x9
	opcodePong         = 0xa
)

// masked is of the second octet, beside the length.
const masked = 0x80

// Sizes in octets.
const (
	maxHeader  = 10             // without a key, as a server's frames have none
	keySize    = 4              // the RFC's masking key
	maxControl = 125            // the payload of a control frame: RFC 6455 §5.5
	maxReason  = maxControl - 2 // what a Close frame has room for behind its code: RFC 6455 §5.5.1
)

// appendHeader appends the header of a frame of n octets, unmasked: RFC 6455
// §5.1.
func appendHeader(b []byte, first byte, n int) []byte {
	switch b = append(b, first); {
	case n < 126:
		return append(b, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
}

// headerSize is how long a header is by its second octet. The library refuses a
// frame without a key.
func headerSize(second byte) int {
	size := 2
	switch second &^ masked {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if second&masked != 0 {
		size += keySize
	}
	return size
}
