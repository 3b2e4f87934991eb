package echo

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"wsprobe/internal/engineio"
)

// asksForUpgrade tells an opening handshake, be it a broken one, from a browser
// that wants a page. What is broken about it is the library's to say.
func asksForUpgrade(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || r.Header.Get("Sec-WebSocket-Key") != ""
}

// page answers plain HTTP with the paths, in a few words.
func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	text := h.list(r)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text))) // devices do not like chunks
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case r.URL.Path != "/":
		// Every path is a WebSocket's: RFC 9110 §15.5.22.
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.WriteHeader(http.StatusUpgradeRequired)
	}
	_, _ = w.Write(text)
}

// list is the server's URLs, as a visitor reached it, and what they do.
func (h *handler) list(r *http.Request) []byte {
	var text bytes.Buffer
	scheme := "ws"
	if isSecured(r) {
		scheme = "wss"
	}
	fmt.Fprintf(&text, "This is a WebSocket server: %s://%s/ and any path that is not below\n%s\n\n", scheme, r.Host, h.options.Standard())
	for _, b := range behaviours {
		fmt.Fprintf(&text, "  %s://%s%-55s %s\n", scheme, r.Host, b.URL(), b.Does)
	}
	fmt.Fprint(&text, "\nor with a client of Socket.IO or Engine.IO to\n\n")
	for _, e := range engineio.Endpoints() {
		fmt.Fprintf(&text, "  %s://%s%-53s %s\n", strings.Replace(scheme, "ws", "http", 1), r.Host, e.Path, e.Does)
	}
	return text.Bytes()
}

// Standard is what "/" does, and every path that is none of [Behaviours], in
// words.
func (o Options) Standard() string {
	does := "echoes"
	switch {
	case o.Default != "":
		does = "does as " + o.Default
	case o.Reply != "":
		does = fmt.Sprintf("answers text with %q", o.Reply)
	}
	if o.Schedule != "" {
		does += "; by the n-th connection of a device: " + o.Schedule
	}
	return does
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
	objection   func(net.Conn) (good int, objection error)
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
	// The library keeps both buffers. It sets the reader to read from what is
	// returned here; the writer is for us to set.
	u.conn = &conn{Conn: socket, secured: secured(socket) != nil, objection: u.objection, pool: u.buffers}
	u.conn.incoming.inflates = u.agreed != nil
	u.conn.early = make([]byte, buffered.Reader.Buffered())
	_, _ = io.ReadFull(buffered, u.conn.early) // so that the library reads it from the conn
	buffered.Writer.Reset(u.conn)
	return u.conn, buffered, nil
}
