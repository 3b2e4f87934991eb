package handshake

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrHeadTooLarge means that no blank line came within the caller's limit.
var ErrHeadTooLarge = errors.New("head too large")

// readHead reads up to and including the blank line, at most limit octets, and
// leaves what follows in r. As soon as the start line cannot be HTTP it stops:
// a peer that speaks something else may never send a line end. Lines end at LF,
// with or without CR. On error it returns what came so far.
func readHead(r *bufio.Reader, limit int, plausible func(start string) bool) (string, error) {
	var head strings.Builder
	line, start := 0, -1 // where the current line and the start line begin
	for head.Len() < limit {
		c, err := r.ReadByte()
		if err != nil {
			if err == io.EOF && head.Len() > 0 {
				err = io.ErrUnexpectedEOF
			}
			return head.String(), err
		}
		head.WriteByte(c)
		switch {
		case c == '\n':
			if start >= 0 && isBlankLine(head.String()[line:]) {
				return head.String(), nil
			}
			line = head.Len()
		case c != '\r' && start < 0:
			start = head.Len() - 1
		}
		if start >= 0 && !plausible(head.String()[start:]) {
			return head.String(), notHTTP(head.String(), start, r)
		}
	}
	return head.String(), fmt.Errorf("%w: no blank line within %d octets", ErrHeadTooLarge, limit)
}

func isBlankLine(line string) bool { return line == "\r\n" || line == "\n" }

// notHTTP shows as much of what came as is at hand without waiting.
func notHTTP(head string, start int, r *bufio.Reader) error {
	more, _ := r.Peek(min(r.Buffered(), longestQuote))
	return &SyntaxError{Line: lineAt(head, start), Offset: start, Fault: "not HTTP: " + quote(head[start:]+string(more))}
}

// lineAt returns the number of the line that holds the octet at offset.
func lineAt(head string, offset int) int { return 1 + strings.Count(head[:offset], "\n") }

// splitHead returns the start line, where it begins, and the header. Empty lines
// before the start line are passed over, as RFC 9112 §2.2 advises.
func splitHead(head string) (start string, offset int, h Header) {
	rest := strings.TrimLeft(head, "\r\n")
	offset = len(head) - len(rest)
	start, end := cutLine(rest)
	return start, offset, splitFields(rest[len(start)+len(end):])
}

func splitFields(text string) Header {
	h := make(Header, 0, strings.Count(text, "\n")+1) // a last line may lack its end
	for text != "" {
		var line string
		line, text = cutFolded(text)
		if isBlankLine(line) {
			break
		}
		h = append(h, splitField(unfold(line)))
	}
	return h
}

func splitField(line string) Field {
	name, value, colon := strings.Cut(line, ":")
	if !colon || name == "" {
		return Field{Value: line}
	}
	return Field{Name: name, Value: trimBlanks(value)}
}

// cutFolded cuts off a header line with all lines that continue it. The whole
// run is found before anything is joined, so that thousands of continuations
// cost no more than their octets.
func cutFolded(text string) (line, rest string) {
	end := 0
	for {
		i := strings.IndexByte(text[end:], '\n')
		if i < 0 {
			return text, ""
		}
		end += i + 1
		if end == len(text) || !isBlank(text[end]) {
			return text[:end], text[end:]
		}
	}
}

// unfold removes the line end and puts one SP in place of each fold (RFC 9112 §5.2).
func unfold(line string) string {
	line = strings.TrimSuffix(line, "\n")
	if !strings.Contains(line, "\n") {
		return strings.TrimSuffix(line, "\r")
	}
	var joined strings.Builder
	for piece := range strings.SplitSeq(line, "\n") {
		if joined.Len() > 0 {
			joined.WriteByte(' ')
			piece = strings.TrimLeft(piece, " \t")
		}
		joined.WriteString(strings.TrimSuffix(piece, "\r"))
	}
	return joined.String()
}

// appendHead writes start line, header lines and the blank line.
func appendHead(b []byte, start string, h Header, lineEnd string) []byte {
	b = append(append(b, start...), lineEnd...)
	for _, f := range h {
		b = append(f.append(b), lineEnd...)
	}
	return append(b, lineEnd...)
}
