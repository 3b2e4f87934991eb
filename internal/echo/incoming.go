package echo

import (
	"encoding/binary"

	"github.com/coder/websocket"
)

// incoming follows the frames that come in, ahead of the library. What is wrong
// with frames is the library's to say. But it
//
//   - hands octets over when it has all that it was asked for, and text is to
//     fail at its first bad octet, even if the rest of the frame is yet to come;
//   - does not say that what it hands over is the end of a message;
//   - knows of no compression, so the mark of a compressed message is taken off.
//     Where RSV1 means nothing, on continuations and control frames, it is left
//     for the library to refuse.
type incoming struct {
	inflates bool // compression is agreed on
	unread   bool // messages that begin from now on are read by nobody

	header [maxHeader + keySize]byte
	have   int // octets of it, until it is complete
	key    [keySize]byte
	came   uint64 // octets of the payload
	left   uint64 // and those still to come

	marked bool    // the frame had the mark
	isText bool    // the message that is under way is text, and not compressed
	judged bool    // this frame is of it
	text   text    // what was seen of it
	begun  []begun // messages that are not yet read
}

// begun is what the first frame of a message tells of it.
type begun struct {
	compressed bool
	octets     int64 // of the payload as it is on the wire, -1 for more than this frame has
}

// errNotText is of text that is none: RFC 6455 §8.1.
var errNotText = fault{websocket.StatusInvalidFramePayloadData, "text is not UTF-8"}

// follow takes the next octets. If they make text none, it returns errNotText,
// and how many of them come before what does so.
func (in *incoming) follow(octets []byte) (good int, err error) {
	for good < len(octets) {
		n := in.some(octets[good:])
		if in.judged && in.text.bad {
			return good, errNotText
		}
		good += n
	}
	return good, nil
}

// some takes octets of a header, or of a payload, and returns how many.
func (in *incoming) some(octets []byte) (n int) {
	if in.left == 0 {
		if n = in.gather(octets); in.have > 0 {
			return n // the header goes on
		}
	} else {
		n = int(min(in.left, uint64(len(octets))))
		if in.judged {
			in.text.add(octets[:n], in.key, int(in.came&3))
		}
		in.came += uint64(n)
		in.left -= uint64(n)
	}
	if in.left == 0 && in.judged && in.header[0]&fin != 0 {
		in.text.end()
	}
	return n
}

// gather takes octets of a header. With the last of them have is 0 again.
func (in *incoming) gather(octets []byte) (n int) {
	if in.have == 0 {
		in.takeOff(&octets[0])
	}
	size := 2
	if in.have >= size {
		size = headerSize(in.header[1])
	}
	n = copy(in.header[in.have:size], octets)
	if in.have += n; in.have == 2 {
		size = headerSize(in.header[1])
		more := copy(in.header[2:size], octets[n:])
		in.have += more
		n += more
	}
	if in.have == size {
		in.have = 0
		in.begin(size)
	}
	return n
}

// takeOff takes the mark off the first octet of a frame.
func (in *incoming) takeOff(octet *byte) {
	opcode := *octet & opcodeBits
	in.marked = in.inflates && *octet&rsv1 != 0 && (opcode == opcodeText || opcode == opcodeBinary)
	if in.marked {
		*octet &^= rsv1
	}
}

// begin begins a frame, whose header is complete.
func (in *incoming) begin(size int) {
	h := in.header[:size]
	in.key, in.came = [keySize]byte{}, 0
	if h[1]&masked != 0 {
		copy(in.key[:], h[size-keySize:])
	}
	switch n := h[1] &^ masked; n {
	case 126:
		in.left = uint64(binary.BigEndian.Uint16(h[2:]))
	case 127:
		in.left = binary.BigEndian.Uint64(h[2:])
	default:
		in.left = uint64(n)
	}
	switch opcode := h[0] & opcodeBits; opcode {
	case opcodeText, opcodeBinary:
		in.isText = opcode == opcodeText && !in.marked
		in.text = text{}
		first := begun{compressed: in.marked, octets: -1}
		if h[0]&fin != 0 {
			first.octets = int64(in.left)
		}
		if !in.unread {
			in.begun = append(in.begun, first)
		}
		in.judged = in.isText
	case opcodeContinuation:
		in.judged = in.isText
	default:
		in.judged = false
	}
}

// open is how many octets of a control frame have come, if more are to come. It is
// zero within a header, and for what the library refuses by its header.
func (in *incoming) open() int {
	first, second := in.header[0], in.header[1]
	if in.have > 0 || in.left == 0 || first < fin|opcodeClose || first > fin|opcodePong || second < masked || second > masked|maxControl {
		return 0
	}
	return headerSize(second) + int(in.came)
}

// next tells of the next message that is read.
func (in *incoming) next() begun {
	first := in.begun[0]
	in.begun = append(in.begun[:0], in.begun[1:]...)
	return first
}
