package echo

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// maxShown is how many octets of a text are shown in a line.
const maxShown = 512

// A lineLog writes lines, each with one Write, so that those of connections
// that talk at once do not mix. A nil one does nothing.
type lineLog struct {
	mu   sync.Mutex
	to   io.Writer
	line []byte
}

func (l *lineLog) connected(address string) {
	l.write(func(line []byte) []byte {
		return fmt.Appendf(line, "Connection from %s", address)
	})
}

func (l *lineLog) refused(address, why string) {
	l.write(func(line []byte) []byte {
		line = fmt.Appendf(line, "Refused %s: ", address)
		return appendShown(line, []byte(why))
	})
}

// subprotocol shows which one was selected, "" for none, of those offered.
func (l *lineLog) subprotocol(selected string, offered []string) {
	l.write(func(line []byte) []byte {
		if selected != "" {
			return appendShown(append(line, "Subprotocol "...), []byte(selected))
		}
		line = append(line, "No subprotocol, offered: "...)
		return appendShown(line, []byte(strings.Join(offered, ", ")))
	})
}

// Write shows what net/http has to say, as of TLS that failed.
func (l *lineLog) Write(said []byte) (int, error) {
	l.write(func(line []byte) []byte { return appendShown(line, bytes.TrimRight(said, "\n")) })
	return len(said), nil
}

// note shows a line that needs no escapes.
func (l *lineLog) note(format string, args ...any) {
	l.write(func(line []byte) []byte { return fmt.Appendf(line, format, args...) })
}

// message shows one that came ('<') or goes ('>').
func (l *lineLog) message(direction byte, typ websocket.MessageType, payload []byte) {
	if l != nil { // said here, too, for it is asked for each message
		l.showMessage(direction, typ, payload)
	}
}

func (l *lineLog) showMessage(direction byte, typ websocket.MessageType, payload []byte) {
	l.write(func(line []byte) []byte {
		line = append(line, direction, ' ')
		if typ == websocket.MessageBinary {
			return fmt.Appendf(line, "binary %d octets", len(payload))
		}
		return appendShown(line, payload)
	})
}

func (l *lineLog) write(appendLine func([]byte) []byte) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line = append(appendLine(l.line[:0]), '\n')
	_, _ = l.to.Write(l.line) // who reads the log may go; the echo goes on
}

// appendShown appends text as it may be shown on a terminal: whatever is not
// printable, controls of the writing direction among it, is escaped as in Go,
// and so is the backslash. Of a long text only the beginning is shown.
func appendShown(line, text []byte) []byte {
	shown := beginning(text, maxShown)
	for len(shown) > 0 {
		r, size := utf8.DecodeRune(shown)
		if strconv.IsPrint(r) && r != '\\' {
			line = append(line, shown[:size]...)
		} else {
			quoted := strconv.QuoteRune(r)
			line = append(line, quoted[1:len(quoted)-1]...)
		}
		shown = shown[size:]
	}
	if len(text) > maxShown {
		line = fmt.Appendf(line, "… (%d octets)", len(text))
	}
	return line
}
