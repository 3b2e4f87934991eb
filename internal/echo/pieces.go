package echo

import (
	"bufio"
	"time"

	"github.com/coder/websocket"
)

// What goes out in pieces, or is too long for a message in memory. All of it is
// written by the goroutine that reads, so that no pong gets in between.

// A dripped answer is held in memory for this long at most.
const (
	longestDrip     = 10 * time.Minute
	maxDrippedWrite = 4096
	maxDripped      = 64 << 10
)

// readDrip: the answer leaves as so many octets at a time, each in its own write.
func readDrip(q *parameters) action {
	octets := q.number("octets", 1, 1, maxDrippedWrite)
	every := q.duration("every", 100*time.Millisecond, time.Millisecond, 10*time.Second)
	return action{play: func(p *peer) error {
		p.maxMessage = min(p.maxMessage, maxDripped, octets*int(longestDrip/every))
		return p.answerEach(func(typ websocket.MessageType, message *buffer) error {
			p.conn.drip = drip{octets, every, p.wait}
			defer func() { p.conn.drip = drip{} }()
			return p.write(typ, message)
		})
	}}
}

// maxFragment is small enough for a frame with its header to be read at once.
const maxFragment = 64 << 10

func readFragment(q *parameters) action {
	size := q.number("size", 10, 1, maxFragment)
	return action{play: func(p *peer) error {
		return p.answerEach(func(typ websocket.MessageType, message *buffer) error {
			return p.writeFragments(typ, message.octets, size)
		})
	}}
}

// writeFragments sends a message in frames of a size, the last of which may be
// shorter. The library's writer would end with an empty frame.
func (p *peer) writeFragments(typ websocket.MessageType, message []byte, size int) error {
	p.log.message('>', typ, message)
	out := bufio.NewWriterSize(sender{p.conn}, firstBuffer)
	first := byte(typ)
	if payload, ok := p.deflater.deflate(message); ok {
		defer p.buffers.put(payload)
		message, first = payload.octets, first|rsv1
	}
	for {
		n := min(size, len(message))
		if n == len(message) {
			first |= fin
		}
		_, _ = out.Write(appendHeader(out.AvailableBuffer(), first, n))
		_, _ = out.Write(message[:n])
		if first&fin != 0 {
			return out.Flush() // has the error of any write
		}
		message, first = message[n:], opcodeContinuation
	}
}

// readBig: the text is not in memory, but the same octets over and over.
func readBig(q *parameters) action {
	size := q.number("size", 64<<10, 0, 64<<20)
	return action{play: func(p *peer) error {
		if err := p.writeBig(size); err != nil {
			return err
		}
		return echo(p)
	}}
}

func (p *peer) writeBig(size int) error {
	p.log.note("> text of %d octets", size)
	b := p.buffers.get(aheadBuffer)
	defer p.buffers.put(b)
	b.octets = b.octets[:cap(b.octets)]
	for i := range b.octets {
		b.octets[i] = '*'
	}
	out := bufio.NewWriterSize(sender{p.conn}, firstBuffer)
	_, _ = out.Write(appendHeader(out.AvailableBuffer(), fin|opcodeText, size))
	for size > 0 {
		n, err := out.Write(b.octets[:min(size, len(b.octets))])
		if err != nil {
			return err
		}
		size -= n
	}
	return out.Flush()
}
