// Package deflate compresses and inflates the messages of permessage-deflate
// (RFC 7692 §7.2) within a window of 2^8 to 2^15 octets.
//
// Both directions are written for it. A judge has to know which distances a
// peer used, and no library tells; its own distances have to keep to any window
// and yet reach back into the message before, however short the messages are,
// which neither compress/flate (one window) nor klauspost/compress (no matches
// in short messages at its fast levels or with a small window) do. Working on
// whole messages, it is also faster than a Reader or a Writer of either.
//
// Compressing is greedy, with one candidate for each four octets: about the
// size that level 1 of others has.
package deflate

import (
	"errors"
	"fmt"
)

// The bounds of Params.Window.
const (
	MinWindow = 8
	MaxWindow = 15
)

// Params are what one direction of a connection has agreed on.
type Params struct {
	Window   int  // bits of the LZ77 window, MinWindow to MaxWindow
	Takeover bool // a message may refer to those before it
}

func (p Params) window() int {
	if p.Window < MinWindow || p.Window > MaxWindow {
		panic(fmt.Sprintf("deflate: a window of %d bits", p.Window))
	}
	return 1 << p.Window
}

// Why a message cannot be inflated. Distances are told by a *[DistanceError].
var (
	ErrTooLarge  = errors.New("deflate: the message is larger than the limit")
	ErrTruncated = errors.New("deflate: the stream ends within a block")
	ErrTail      = errors.New("deflate: the stream does not end with an empty stored block less its tail")
	ErrCorrupt   = errors.New("deflate: the stream is no DEFLATE")
)

// DistanceError is a reference to octets that the window does not hold.
type DistanceError struct {
	Distance int // octets back, as the stream has it
	Window   int // octets of the agreed window
	Have     int // octets that came before, of this message and those taken over
}

func (e *DistanceError) Error() string {
	if e.Distance > e.Window {
		return fmt.Sprintf("deflate: a distance of %d octets in a window of %d", e.Distance, e.Window)
	}
	return fmt.Sprintf("deflate: a distance of %d octets after %d", e.Distance, e.Have)
}

// The symbols of RFC 1951 §3.2.5 and §3.2.7.
const (
	endOfBlock   = 256
	firstLength  = 257 // the symbol of the first length
	litSymbols   = 286
	distSymbols  = 30
	lenSymbols   = 19 // of code lengths
	minMatch     = 3
	maxMatch     = 258
	maxCodeBits  = 15
	maxLenBits   = 7     // of the code of code lengths
	maxStored    = 65535 // octets of a stored block
	blockStored  = 0
	blockFixed   = 1
	blockDynamic = 2
)

// span is what a length or distance symbol stands for: base and up, extra bits
// more.
type span struct {
	base  uint16
	extra uint8
}

// lengthSpans belong to the symbols from firstLength.
var lengthSpans = [...]span{
	{3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0}, {10, 0}, {11, 1}, {13, 1}, {15, 1}, {17, 1},
	{19, 2}, {23, 2}, {27, 2}, {31, 2}, {35, 3}, {43, 3}, {51, 3}, {59, 3}, {67, 4}, {83, 4}, {99, 4}, {115, 4},
	{131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0},
}

var distanceSpans = [...]span{
	{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 1}, {7, 1}, {9, 2}, {13, 2}, {17, 3}, {25, 3}, {33, 4}, {49, 4},
	{65, 5}, {97, 5}, {129, 6}, {193, 6}, {257, 7}, {385, 7}, {513, 8}, {769, 8}, {1025, 9}, {1537, 9},
	{2049, 10}, {3073, 10}, {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13},
}

// lenOrder is the order in which code lengths of code lengths are sent.
var lenOrder = [lenSymbols]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// fixedLengths are the code lengths of a fixed block (RFC 1951 §3.2.6); those
// of 286 and 287 take part in the code and never occur.
func fixedLengths() (lit [288]uint8, dist [32]uint8) {
	for i := range lit {
		switch {
		case i < 144:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		case i < 280:
			lit[i] = 7
		default:
			lit[i] = 8
		}
	}
	for i := range dist {
		dist[i] = 5
	}
	return lit, dist
}
