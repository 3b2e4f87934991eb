package echo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// asksForUpgrade tells an opening handshake, be it a broken one, from a browser
// that wants a page. What is broken about it is the library's to say.
func asksForUpgrade(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || r.Header.Get("Sec-WebSocket-Key") != ""
}

// upgrade takes the opening handshake and plays a behaviour until the connection
// ends. Messages may be maxMessage octets long. It returns why it has refused, if it has.
func (h *handler) upgrade(w http.ResponseWriter, r *http.Request, maxMessage int, todo action) error {
	agreed, err := h.agree(w.Header(), r)
	if err != nil {
		h.refuse(w, r, http.StatusBadRequest, err)
		return err
	}
	u := &upgrade{ResponseWriter: w, buffers: &h.buffers, agreed: agreed}
	if h.options.Object != nil {
		u.objection = h.objection
	}
	p := &peer{handler: h, ctx: serving(r), address: r.RemoteAddr, maxMessage: maxMessage}
	ws, err := websocket.Accept(u, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,                          // any Origin: devices send "file://", or none
		CompressionMode:    websocket.CompressionDisabled, // see Deflate
		Subprotocols:       todo.subprotocols(r),
		OnPingReceived:     p.pinged,
		OnPongReceived:     p.ponged,
	})
	if u.conn != nil {
		defer h.open.Add(-1)
	}
	if err != nil {
		h.log.refused(r.RemoteAddr, cause(err).Error()) // the library has answered
		return err
	}
	p.ws, p.conn = ws, u.conn
	p.conn.idle = h.options.Idle
	if agreed != nil {
		p.inflater = &inflater{takeover: !agreed.clientForgets, buffers: &h.buffers, streams: &h.streams}
		p.deflater = newDeflater(*agreed, &h.buffers, &h.writers)
	}
	p.play(todo, u.subprotocol, offered(r))
	return nil
}

// agree tells what is agreed on about compression, or what speaks against a request,
// and sets the header of the refusal. What else does the library finds.
func (h *handler) agree(header http.Header, r *http.Request) (*agreement, error) {
	if _, objection, found := h.objection(socketBehind(r)); found {
		header["Sec-WebSocket-Version"] = []string{"13"} // for who asked for another: RFC 6455 §4.4
		return nil, errors.New(objection.reason)
	}
	agreed, err := h.options.Deflate.agree(r)
	if err != nil {
		return nil, err
	}
	if r.ContentLength != 0 { // net/http would answer with Connection: close besides
		header.Set("Connection", "close") // else net/http reads the content first
		// "content received in a GET request has no generally defined semantics … and
		// might lead some implementations to reject the request".
		return nil, errors.New("the request has content, which in a GET means nothing and may hide another request (RFC 9110 §9.3.1)")
	}
	return agreed, nil
}

// refuse answers a request with a status and one line that says why.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, status int, why error) {
	switch status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified: // have no content: RFC 9110 §15
		w.WriteHeader(status)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(status)
		fmt.Fprintln(w, why)
	}
	h.log.refused(r.RemoteAddr, why.Error())
}

// play plays a behaviour until the connection ends. The subprotocol was selected of
// those offered, "" for none.
func (p *peer) play(todo action, subprotocol string, offers []string) {
	defer p.end()
	// The library is not given this context: it would drop the connection when
	// the context ends, without a Close frame.
	defer context.AfterFunc(p.ctx, p.conn.interrupt)()

	p.ws.SetReadLimit(-1) // peer.read has its own
	p.log.connected(p.address)
	if todo.choose != nil || len(offers) > 0 {
		p.log.subprotocol(subprotocol, offers)
	}
	if _, objection, found := p.objection(p.conn.Conn); found { // to what came with the request, all of it too early
		p.fail(objection)
	} else if err := todo.play(p); err != nil {
		p.fail(err)
	}
}

// An upgrade is the response to an opening handshake.
//
// It spells header names as RFC 6455 does: net/http would write
// Sec-Websocket-Accept, which devices that compare octets do not find. And it
// puts a conn between the library and the socket.
type upgrade struct {
	http.ResponseWriter
	buffers     *bufferPool
	agreed      *agreement // on compression, nil for none
	objection   func(net.Conn) (good int, objection fault, found bool)
	conn        *conn  // once hijacked
	subprotocol string // that was selected; the library looks for it by the other name
}

// WriteHeader writes the header.
func (u *upgrade) WriteHeader(status int) {
	header := u.Header()
	for name, values := range header {
		if rest, ok := strings.CutPrefix(name, "Sec-Websocket-"); ok {
			delete(header, name)
			header["Sec-WebSocket-"+rest] = values
			if rest == "Protocol" {
				u.subprotocol = values[0]
			}
		}
	}
	if status == http.StatusSwitchingProtocols {
		header["Date"] = nil // no use to a device with a small buffer
		if u.agreed != nil {
			header["Sec-WebSocket-Extensions"] = []string{u.agreed.String()}
		}
	}
	u.ResponseWriter.WriteHeader(status)
}

// Hijack is what the library calls after the 101.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	socket, buffered, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	socket = behind(socket)
	// The library keeps both buffers. It sets the reader to read from what is
	// returned here; the writer is for us to set.
	u.conn = &conn{Conn: socket, secured: secured(socket) != nil, objection: u.objection, pool: u.buffers}
	u.conn.incoming.inflates = u.agreed != nil
	u.conn.early = make([]byte, buffered.Reader.Buffered())
	_, _ = io.ReadFull(buffered, u.conn.early) // so that the library reads it from the conn
	buffered.Writer.Reset(u.conn)
	return u.conn, buffered, nil
}
