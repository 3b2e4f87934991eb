package echo

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"wsprobe/internal/engineio"
)

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
