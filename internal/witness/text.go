package witness

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"wsprobe/internal/wire"
)

// shownText is how many octets of a payload a line shows.
const shownText = 64

// String returns the event as a line for people, without its end:
//
//	10.0.0.7:51234  MSK-04  a text frame from a client without a mask (RFC 6455 §5.1)  81 02 68 69
//
// What the device sent is escaped: a line cannot drive a terminal.
func (e Event) String() string {
	var b strings.Builder
	if e.Missed > 0 {
		fmt.Fprintf(&b, "%d not shown, too many at once\n", e.Missed)
	}
	b.WriteString(e.Address + "  ")
	switch e.Kind {
	case Opened:
		fmt.Fprintf(&b, "opened %s", Printable(e.Device.Path))
		if e.Device.UserAgent != "" {
			fmt.Fprintf(&b, " by %s", Printable(e.Device.UserAgent))
		}
	case Refused:
		fmt.Fprintf(&b, "refused with %s", e.Refusal)
	case FrameSeen:
		b.WriteString(e.Frame.String())
	case RuleBroken:
		b.WriteString(e.Violation.String())
	case Closed:
		b.WriteString(e.Closing.String())
	}
	return b.String()
}

// String returns the violation in a line.
func (v Violation) String() string {
	s := fmt.Sprintf("%s  %s (%s)", v.Row, v.Detail, v.Clause)
	if len(v.Octets) > 0 {
		s += "  " + v.Shown()
	}
	if v.Count > 1 {
		s += fmt.Sprintf("  time %d", v.Count)
	}
	return s
}

// Shown is the octets of a violation: of a request as text in quotes, of a frame, and
// of what is no text, as hex.
func (v Violation) Shown() string {
	more := ""
	if v.More {
		more = " …"
	}
	if isHead(v.Row) && isText(v.Octets) {
		return `"` + Printable(string(v.Octets)) + `"` + more
	}
	return fmt.Sprintf("% x", v.Octets) + more
}

// isText tells what begins as text does from what a device sends that takes the port
// for another's.
func isText(octets []byte) bool {
	return len(octets) > 0 && (octets[0] >= ' ' && octets[0] < 0x7f || bytes.IndexByte([]byte("\t\r\n"), octets[0]) >= 0)
}

// isHead tells the rules about requests from those about frames.
func isHead(row string) bool {
	switch group, _, _ := strings.Cut(row, "-"); group {
	case "CRQ", "URI", "CON":
		return row != "CRQ-15"
	}
	return row == "EXT-07"
}

// String returns the frame in a line: '<' came from the device, '>' went to it.
func (f Frame) String() string {
	direction := ">"
	if f.FromDevice() {
		direction = "<"
	}
	s := direction + " " + f.Described()
	if said := f.Decoded(); said != "" {
		return s + "  " + said
	}
	if len(f.Payload) == 0 {
		return s
	}
	payload, more := f.shown()
	return s + fmt.Sprintf("  % x", payload) + more
}

// Described is the frame without its payload: "text fin=0 of 2 octets".
func (f Frame) Described() string {
	s := f.Header.String()
	if f.Seen < f.Header.Length {
		s += fmt.Sprintf(", of which %d came", f.Seen)
	}
	return s
}

// Decoded is what the payload says, its first 64 octets, escaped: the text of a
// text frame in quotes, the code and reason of a Close frame. It is "" for what
// says nothing by itself: other frames, and those whose reserved bits make them
// something else.
func (f Frame) Decoded() string {
	payload, more := f.shown()
	if code, reason, ok := wire.SplitClose(payload); ok && f.Header.Opcode == wire.Close {
		return fmt.Sprintf("%d \"%s\"%s", code, Printable(string(reason)), more)
	}
	if len(payload) > 0 && f.Header.Opcode == wire.Text && f.Header.RSV == 0 {
		return "\"" + Printable(string(payload)) + "\"" + more
	}
	return ""
}

// shown is as much of the payload as a line shows, and a sign if there is more.
func (f Frame) shown() (payload []byte, more string) {
	payload = f.Payload[:min(len(f.Payload), shownText)]
	if uint64(len(payload)) < f.Seen {
		more = " …"
	}
	return payload, more
}

// String returns the refusal as in the status line.
func (r Refusal) String() string {
	return strings.TrimSpace(fmt.Sprintf("%03d %s", r.Status, Printable(r.Reason)))
}

// String returns the closing in a few words.
func (c Closing) String() string {
	switch {
	case c.Missing:
		return fmt.Sprintf("ended by the %s without a close frame", c.Initiator)
	case c.Status == 0:
		return fmt.Sprintf("closed by the %s without a status", c.Initiator)
	}
	return fmt.Sprintf("closed by the %s with %d", c.Initiator, c.Status)
}

// Printable returns s with everything that does not print, and what quotes are
// made of, spelled as Go spells it: control characters, bidirectional controls,
// octets that are not UTF-8. What a device sent can then neither drive a terminal
// nor reorder a line.
func Printable(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case strconv.IsPrint(r) && r != '"' && r != '\\':
			b.WriteRune(r)
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[n:]
	}
	return b.String()
}
