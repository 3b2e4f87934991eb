package echo

import (
	"compress/flate"
	"errors"
	"io"
	"sync"

	"github.com/coder/websocket"
)

// A deflater compresses the messages that go to a peer. A writer of
// compress/flate takes a megabyte, so none is kept for it: what a message may
// refer to is compressed once more before it. At the speed chosen that is the
// message before, all that such a writer looks back to.
type deflater struct {
	sending  sync.Mutex // messages go out in the order in which they are compressed
	takeover bool
	window   int     // octets
	past     *buffer // of the last compressed message, its last octets; nil for none
	buffers  *bufferPool
	writers  *sync.Pool // of *flate.Writer
}

// newDeflater keeps to what is agreed on.
func newDeflater(a agreement, buffers *bufferPool, writers *sync.Pool) *deflater {
	d := &deflater{takeover: !a.serverForgets, window: maxWindow, buffers: buffers, writers: writers}
	if a.serverBits != 0 {
		d.window = 1 << a.serverBits
	}
	return d
}

// errLonger is that compression makes a message longer.
var errLonger = errors.New("not shorter")

// A shorter takes what is compressed as long as that is shorter than a message.
type shorter struct {
	octets []byte
	most   int  // how long octets may be
	passes bool // nothing is taken yet
}

func (s *shorter) Write(p []byte) (int, error) {
	if s.passes {
		return len(p), nil
	}
	if len(s.octets)+len(p) > s.most {
		return 0, errLonger
	}
	s.octets = append(s.octets, p...)
	return len(p), nil
}

// deflate returns the payload of a compressed message, in a buffer that is to be
// put back; or false if that would not make the message shorter.
func (d *deflater) deflate(message []byte) (payload *buffer, ok bool) {
	if d == nil || len(message) == 0 {
		return nil, false
	}
	payload = d.buffers.get(len(message) + untold)
	out := &shorter{octets: payload.octets, most: len(message) + untold}
	if !d.compress(out, message) {
		d.buffers.put(payload)
		return nil, false
	}
	payload.octets = out.octets[:len(out.octets)-untold]
	if d.takeover && d.window == maxWindow {
		d.remember(message)
	}
	return payload, true
}

func (d *deflater) compress(out *shorter, message []byte) bool {
	w, ok := d.writers.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriter(io.Discard, flate.BestSpeed) // the level is one
	}
	defer d.writers.Put(w)
	w.Reset(out)
	if d.past != nil {
		out.passes = true
		_, _ = w.Write(d.past.octets)
		_ = w.Flush()
		out.passes = false
	}
	// A writer's window is of 15 bits. So that no reference leaves a smaller one,
	// each piece as long as that is compressed by itself.
	for {
		piece := message
		if d.window < maxWindow {
			piece = message[:min(len(message), d.window)]
		}
		_, _ = w.Write(piece)
		if w.Flush() != nil { // has the error of any write
			return false
		}
		if message = message[len(piece):]; len(message) == 0 {
			return true
		}
		w.Reset(out)
	}
}

// untold is how many octets of a flush are left off: RFC 7692 §7.2.1.
const untold = len("\x00\x00\xff\xff")

// remember keeps what the next message may refer to.
func (d *deflater) remember(message []byte) {
	if d.past == nil {
		d.past = d.buffers.get(maxWindow)
	}
	d.past.octets = slide(d.past.octets[:0], message)
}

// forget lets go of what is kept.
func (d *deflater) forget() {
	if d == nil {
		return
	}
	d.sending.Lock()
	defer d.sending.Unlock()
	d.buffers.put(d.past)
	d.past = nil
}

// writeDeflated sends a message compressed where that makes it shorter.
func (p *peer) writeDeflated(typ websocket.MessageType, message *buffer) error {
	p.deflater.sending.Lock()
	defer p.deflater.sending.Unlock()
	payload, ok := p.deflater.deflate(message.octets)
	if !ok {
		return p.conn.writeFrame(fin|byte(typ), message)
	}
	defer p.buffers.put(payload)
	return p.conn.writeFrame(fin|rsv1|byte(typ), payload)
}
