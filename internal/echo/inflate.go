package echo

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// tail is what a sender leaves off the end of a message, "00 00 ff ff" (RFC 7692
// §7.2.2), and an empty final block behind it, by which the end can be told from
// octets that are missing.
const tail = "\x00\x00\xff\xff" + "\x01\x00\x00\xff\xff"

// An inflater reads the compressed messages of a peer. What it keeps between
// them is the window, and only if it is to take it over.
type inflater struct {
	takeover bool
	buffers  *bufferPool
	past     *buffer // the octets that came last, maxWindow at most; nil for none

	streams *sync.Pool // of *stream
	stream  *stream    // of the message under way
}

// A stream inflates what it reads.
type stream struct {
	in      *bufio.Reader
	inflate io.ReadCloser // reads from in
}

// begin takes the reader of a message; [inflater.Read] then gives it inflated.
func (i *inflater) begin(r io.Reader) {
	s, ok := i.streams.Get().(*stream)
	if !ok {
		s = &stream{in: bufio.NewReaderSize(nil, firstBuffer)}
		s.inflate = flate.NewReader(s.in)
	}
	s.in.Reset(io.MultiReader(r, strings.NewReader(tail)))
	i.stream = s
	i.restart()
}

// restart begins a stream of blocks, which may refer to the window.
func (i *inflater) restart() {
	var window []byte
	if i.past != nil {
		window = i.past.octets
	}
	_ = i.stream.inflate.(flate.Resetter).Reset(i.stream.in, window) // never fails
}

// end lets go of all but the window.
func (i *inflater) end() {
	if i == nil || i.stream == nil {
		return
	}
	i.stream.in.Reset(nil)
	i.streams.Put(i.stream)
	i.stream = nil
	if !i.takeover {
		i.forget()
	}
}

// forget lets go of the window.
func (i *inflater) forget() {
	if i != nil {
		i.buffers.put(i.past)
		i.past = nil
	}
}

// Read reads octets of the message, and returns io.EOF after its last one, be
// that that of a final block: "the last block" is of the message (RFC 7692
// §7.2.3.4). What does not inflate, or ends within a block, is a fault.
func (i *inflater) Read(p []byte) (int, error) {
	for {
		n, err := i.stream.inflate.Read(p)
		i.remember(p[:n])
		switch {
		case n > 0 || err == nil:
			return n, nil
		case err == io.EOF:
			if err := i.afterFinal(); err != nil {
				return 0, err
			}
			i.restart()
		case err == io.ErrUnexpectedEOF: // not the peer's: the library wraps those
			return 0, fault{websocket.StatusInvalidFramePayloadData, "compressed data that end within a block"}
		case errors.As(err, new(flate.CorruptInputError)):
			return 0, fault{websocket.StatusInvalidFramePayloadData, "data that do not inflate"}
		default:
			return 0, err
		}
	}
}

// afterFinal returns io.EOF if nothing follows a final block.
func (i *inflater) afterFinal() error {
	rest, err := i.stream.in.Peek(len(tail) + 1)
	if err == nil {
		return nil
	}
	if err == io.EOF && len(rest) > 0 && !bytes.Equal(rest, []byte(tail)) {
		return nil
	}
	return err
}

// remember keeps the octets that a later reference may mean.
func (i *inflater) remember(octets []byte) {
	if len(octets) == 0 {
		return
	}
	if i.past == nil {
		i.past = i.buffers.get(maxWindow)
	}
	i.past.octets = slide(i.past.octets, octets)
}

// slide appends octets to a window, whose first ones fall out of it.
func slide(window, octets []byte) []byte {
	octets = octets[max(0, len(octets)-maxWindow):]
	if out := len(window) + len(octets) - maxWindow; out > 0 {
		window = window[:copy(window, window[out:])]
	}
	return append(window, octets...)
}
