package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/coder/websocket"
)

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
	before          int     // octets of the message before
}

// read reads the next message, which is valid until the next read.
func (p *peer) read() (websocket.MessageType, *buffer, error) {
	p.release() // before waiting: a quiet connection holds no buffer
	typ, r, err := p.ws.Reader(context.Background())
	if err != nil {
		return 0, nil, err
	}
	// Messages are mostly as long as the one before. To have sent one that long
	// is more than to claim it.
	p.message = p.buffers.get(min(max(p.before, firstBuffer), aheadBuffer))
	if begun := p.conn.incoming.next(); begun.compressed {
		p.inflater.begin(r)
		err = p.readInflated(typ == websocket.MessageText)
	} else {
		err = p.readPayload(r, begun.octets)
	}
	if err != nil {
		return 0, nil, err
	}
	p.before = len(p.message.octets)
	p.log.message('<', typ, p.message.octets)
	return typ, p.message, nil
}

// readPayload reads a message to its end into p.message. It has so many octets,
// or -1 if that is not known.
func (p *peer) readPayload(r io.Reader, octets int64) error {
	for int64(len(p.message.octets)) != octets {
		if err := p.readSome(r); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// readInflated reads a compressed message to its end.
func (p *peer) readInflated(isText bool) error {
	checked := 0 // octets of text that are whole characters
	for {
		err := p.readSome(p.inflater)
		if err != nil && err != io.EOF {
			return err
		}
		if isText {
			octets := p.message.octets
			whole, ok := wholeRunes(octets[checked:])
			checked += whole
			if !ok || err == io.EOF && checked < len(octets) {
				return errNotText
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readSome reads more of a message, or returns io.EOF at its end. The buffer
// grows with what has come, never with what a header claims.
func (p *peer) readSome(r io.Reader) error {
	have := len(p.message.octets)
	if p.message.full() || have == p.maxMessage {
		// Reading nothing takes the library over frame headers and control
		// frames to a frame with octets to come, or to the end.
		if _, err := r.Read(nil); err != nil {
			return err
		}
	}
	if have == p.maxMessage {
		return fault{websocket.StatusMessageTooBig, fmt.Sprintf("message longer than %d octets", have)}
	}
	if p.message.full() {
		p.message = p.buffers.grown(p.message)
	}
	room := p.message.room()
	n, err := r.Read(room[:min(len(room), p.maxMessage-have)])
	p.message.octets = p.message.octets[:have+n]
	return err
}

// write sends a message: one frame, in one write.
func (p *peer) write(typ websocket.MessageType, message *buffer) error {
	p.log.message('>', typ, message.octets)
	if p.deflater != nil {
		return p.writeDeflated(typ, message)
	}
	return p.conn.writeFrame(fin|byte(typ), message)
}

// writeCopy sends a message from elsewhere.
func (p *peer) writeCopy(typ websocket.MessageType, message []byte) error {
	b := p.buffers.with(message)
	defer p.buffers.put(b)
	return p.write(typ, b)
}

// pinged answers a ping, and reports that the library has nothing to do. Nothing
// comes of those after a Close frame of ours.
func (p *peer) pinged(_ context.Context, payload []byte) bool {
	if err := p.conn.control(opcodePong, string(payload)); err != nil && !errors.Is(err, net.ErrClosed) {
		p.conn.interrupt()
	}
	return false
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
func (p *peer) wrap(before string, message *buffer, after string) *buffer {
	p.buffers.put(p.answer)
	p.answer = p.buffers.get(len(before) + len(message.octets) + len(after))
	b := append(p.answer.octets, before...)
	b = append(b, message.octets...)
	p.answer.octets = append(b, after...)
	return p.answer
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
}
