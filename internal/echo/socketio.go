package echo

import (
	"net/http"

	"github.com/coder/websocket"

	"wsprobe/internal/engineio"
)

// newSocketIO makes the server of Socket.IO's paths, whose WebSockets are this
// server's.
func (h *handler) newSocketIO() *engineio.Server {
	o := engineio.Options{MaxPayload: min(h.maxMessage, engineio.DefaultMaxPayload), MaxSessions: h.options.MaxConnections}
	o.Upgrade = func(w http.ResponseWriter, r *http.Request, play func(engineio.Conn) error) {
		_ = h.upgrade(w, r, o.MaxPayload, action{play: func(p *peer) error { return playSocketIO(p, play) }})
	}
	if h.log != nil {
		o.Log = socketIOLog{h.log}
	}
	return engineio.New(o)
}

func playSocketIO(p *peer, play func(engineio.Conn) error) error {
	p.conn.share()
	err := play(socketIOConn{p})
	switch err := err.(type) {
	case nil:
		return p.finish()
	case engineio.Fault:
		// The WebSocket is well; what it carries is not.
		return fault{websocket.StatusPolicyViolation, err.Error()}
	}
	return err
}

// A socketIOConn is a peer as engineio sees it.
type socketIOConn struct{ peer *peer }

func (c socketIOConn) Read() (text string, binary bool, err error) {
	typ, message, err := c.peer.read()
	if err != nil {
		return "", false, err
	}
	return string(message.octets), typ == websocket.MessageBinary, nil
}

func (c socketIOConn) Write(text string) error {
	return c.peer.writeCopy(websocket.MessageText, []byte(text))
}

func (c socketIOConn) Close() { c.peer.conn.interrupt() }

// A socketIOLog shows packets that are polled as if they were messages.
type socketIOLog struct{ *lineLog }

func (l socketIOLog) Connected(address string)          { l.connected(address) }
func (l socketIOLog) Refused(address string, why error) { l.refused(address, why.Error()) }
func (l socketIOLog) Packet(direction byte, packet string) {
	l.message(direction, websocket.MessageText, []byte(packet))
}
