package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/coder/websocket"
)

// patience is how long a peer may take to answer a Close frame, and to read
// what was sent before it.
const patience = time.Second

// A peer is the other end of a connection, as a behaviour sees it.
type peer struct {
	*handler
	ws         *websocket.Conn
	conn       *conn
	ctx        context.Context // ends when the server stops
	address    string          // HOST:PORT
	maxMessage int             // octets
	pongs      chan string     // payloads, for who waits for them; else nil

	inflater *inflater // nil, as the other, unless compression is agreed on
	deflater *deflater

	message, answer *buffer // held from a message's first octet to the next read
}

// A fault is what a peer did wrong, and the code to fail the connection with.
type fault struct {
	code   websocket.StatusCode
	reason string
}

func (f fault) Error() string { return fmt.Sprintf("%d: %s", f.code, f.reason) }

// read reads the next message. Its payload is valid until the next read.
func (p *peer) read() (websocket.MessageType, []byte, error) {
	p.release() // before waiting: a quiet connection holds no buffer
	typ, r, err := p.ws.Reader(context.Background())
	if err != nil {
		return 0, nil, err
	}
	p.message = p.buffers.get(firstBuffer)
	compressed := p.conn.marks.next()
	if compressed {
		p.inflater.begin(r)
		r = p.inflater
	}
	if err := p.readPayload(r, typ == websocket.MessageText, compressed); err != nil {
		return 0, nil, err
	}
	p.log.message('<', typ, p.message.octets)
	return typ, p.message.octets, nil
}

// readPayload reads a message to its end into p.message.
func (p *peer) readPayload(r io.Reader, text, compressed bool) error {
	checked := 0 // octets of text that are whole characters
	for {
		err := p.readSome(r, text && !compressed)
		if err != nil && err != io.EOF {
			return err
		}
		if text {
			octets := p.message.octets
			whole, ok := wholeRunes(octets[checked:])
			checked += whole
			if !ok || err == io.EOF && checked < len(octets) {
				return fault{websocket.StatusInvalidFramePayloadData, "text is not UTF-8"} // RFC 6455 §8.1
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readSome reads more of a message, or returns io.EOF at its end. The buffer
// grows with what has come, never with what a header claims.
//
// Text is to fail at its first bad octet, even if the rest of the frame is yet
// to come, but the library's Read returns only when it has filled all that it
// was given, or is at a frame's end. So text is read no further than octets are
// at hand, or by one. Of compressed text no one can tell where its octets are:
// it is sparing only of what is not.
func (p *peer) readSome(r io.Reader, sparing bool) error {
	if sparing || p.message.full() || len(p.message.octets) == p.maxMessage {
		// Reading nothing takes the library over frame headers and control
		// frames to a frame with octets to come, or to the end. Otherwise a
		// header could use up what is at hand, and the read below would wait.
		if _, err := r.Read(nil); err != nil {
			return err
		}
	}
	have := len(p.message.octets)
	if have == p.maxMessage {
		return fault{websocket.StatusMessageTooBig, fmt.Sprintf("message longer than %d octets", have)}
	}
	if p.message.full() {
		p.message = p.buffers.grown(p.message)
		if sparing {
			p.conn.readAhead()
		}
	}
	room := p.message.room()
	room = room[:min(len(room), p.maxMessage-have)]
	if sparing {
		room = room[:min(len(room), max(1, p.conn.atHand()))]
	}
	n, err := r.Read(room)
	p.message.octets = p.message.octets[:have+n]
	return err
}

// write sends a message: one frame, in one write.
func (p *peer) write(typ websocket.MessageType, payload []byte) error {
	p.log.message('>', typ, payload)
	if p.deflater != nil {
		return p.writeDeflated(typ, payload)
	}
	return p.ws.Write(context.Background(), typ, payload)
}

// ponged is told of each pong.
func (p *peer) ponged(_ context.Context, payload []byte) {
	select {
	case p.pongs <- string(payload):
	default:
	}
}

// wait waits, or returns an error as the server stops.
func (p *peer) wait(d time.Duration) error { return wait(p.ctx, d) }

// wrap puts text around a message. The result is valid until the next read.
func (p *peer) wrap(before string, message []byte, after string) []byte {
	if p.answer == nil {
		p.answer = p.buffers.get(len(before) + len(message) + len(after))
	}
	b := append(p.answer.octets[:0], before...)
	b = append(b, message...)
	p.answer.octets = append(b, after...)
	return p.answer.octets
}

// fail ends the connection after err, at once (RFC 6455 §7.1.7), or, if ctx has
// ended, as one that goes away.
func (p *peer) fail(ctx context.Context, err error) {
	var f fault
	switch {
	case ctx.Err() != nil:
		p.close(websocket.StatusGoingAway, "", patience)
	case errors.As(err, &f):
		p.close(f.code, f.reason, 0)
	case !p.conn.ended:
		// The library has mostly sent its Close frame already, and then this
		// sends no other; but it says nothing to an unmasked frame, nor to a
		// length of 2^63 and more.
		p.close(websocket.StatusProtocolError, reason(err), 0)
	}
}

// close sends a Close frame, unless one was sent, gives the peer that long to
// answer it, and half-closes TCP.
func (p *peer) close(code websocket.StatusCode, reason string, wait time.Duration) {
	// The library would wait five seconds for the peer to read and five for
	// it to answer, in the middle of a frame, too.
	p.conn.limit(wait, patience)
	_ = p.ws.Close(code, reason)
}

// end lets go of the connection, whatever state it is in.
func (p *peer) end() {
	_ = p.ws.CloseNow()
	p.release()
	p.inflater.forget()
	p.deflater.forget()
	p.conn.linger()
}

func (p *peer) release() {
	p.buffers.put(p.message)
	p.buffers.put(p.answer)
	p.message, p.answer = nil, nil
	p.inflater.end()
	p.conn.readOnDemand()
}

// reason is as much of err as a Close frame can hold.
func reason(err error) string {
	if s := cause(err).Error(); len(s) <= maxReason {
		return s
	}
	return ""
}

// maxReason is the longest reason in octets: RFC 6455 §5.5, less the code.
const maxReason = 125 - 2

// cause is the innermost error of err: the library wraps its own well.
func cause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
