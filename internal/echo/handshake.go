package echo

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
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
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
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
	fmt.Fprint(w, "This is a WebSocket server. Connect to one of\n\n")
	for _, b := range behaviours {
		fmt.Fprintf(w, "  ws://%s%-7s %s\n", r.Host, b.path, b.does)
	}
	fmt.Fprint(w, "\nor with a client of Socket.IO or Engine.IO to\n\n")
	for _, e := range engineio.Endpoints() {
		fmt.Fprintf(w, "  http://%s%-18s %s\n", r.Host, e.Path, e.Does)
	}
	if h.reply != "" {
		fmt.Fprintf(w, "\nHere / answers text with %q.\n", h.reply)
	}
}

// An upgrade is the response to an opening handshake.
//
// It spells header names as RFC 6455 does: net/http would write
// Sec-Websocket-Accept, which devices that compare octets do not find. And it
// puts a conn between the library and the socket.
type upgrade struct {
	http.ResponseWriter
	buffers *bufferPool
	conn    *conn // once hijacked
}

// WriteHeader writes the header.
func (u *upgrade) WriteHeader(status int) {
	header := u.Header()
	for name, values := range header {
		if rest, ok := strings.CutPrefix(name, "Sec-Websocket-"); ok {
			delete(header, name)
			header["Sec-WebSocket-"+rest] = values
		}
	}
	if status == http.StatusSwitchingProtocols {
		header["Date"] = nil // no use to a device with a small buffer
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
	u.conn = &conn{Conn: socket, in: buffered.Reader, pool: u.buffers}
	buffered.Writer.Reset(u.conn)
	return u.conn, buffered, nil
}
