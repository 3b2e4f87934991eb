package runner

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// tape records what goes over the wire in one case. It keeps the first and the
// last entries, so that a case of a million frames costs no more than one of
// eighty.
type tape struct {
	mu    sync.Mutex
	start time.Time
	head  []record
	tail  []record // a ring, once full
	n     int      // of records in all
}

// record is an entry before it is put into words.
type record struct {
	at     time.Duration
	dir    conformance.Direction
	note   string            // words instead of a frame
	frame  conformance.Frame // without the payload if it is cut
	edges  [2]string         // first and last payload octets, where it is cut
	length int               // of the payload
	octets []byte
	size   int

	inflated int // octets of the compressed message that the frame is the last of
}

const (
	headEntries = conformance.MaxEntries / 2
	tailEntries = conformance.MaxEntries - headEntries - 1 // one counts the rest
)

func newTape() *tape { return &tape{start: time.Now()} }

func (t *tape) add(r record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.at = time.Since(t.start)
	switch {
	case len(t.head) < headEntries:
		t.head = append(t.head, r)
	case len(t.tail) < tailEntries:
		t.tail = append(t.tail, r)
	default:
		t.tail[(t.n-headEntries)%tailEntries] = r
	}
	t.n++
}

// note records something that is no frame.
func (t *tape) note(dir conformance.Direction, octets []byte, format string, args ...any) {
	t.add(record{dir: dir, note: fmt.Sprintf(format, args...), octets: capped(nil, octets), size: len(octets)})
}

// sent records a frame of ours, of which piece(i, j) gives payload octets as
// they are on the wire.
func (t *tape) sent(f conformance.Frame, header []byte, length int, piece func(b []byte, i, j int) []byte) {
	r := record{dir: conformance.Sent, frame: f, length: length, size: len(header) + length}
	r.octets = append(r.octets, header...)
	if r.size <= conformance.MaxEntryOctets {
		r.octets = piece(r.octets, 0, length)
	} else {
		r.octets = piece(r.octets, 0, conformance.EntryEdge-len(header))
		r.octets = piece(r.octets, length-conformance.EntryEdge, length)
	}
	t.add(r)
}

// frameRecord makes the record of a frame that does not stand in a script, of
// what is to be kept of its octets and of its payload without the mask.
func frameRecord(dir conformance.Direction, h wire.Header, octets, payload []byte) record {
	r := record{dir: dir, octets: octets, length: len(payload), size: h.Size() + len(payload)}
	r.frame = conformance.Frame{Opcode: h.Opcode, NotFin: !h.Fin, Bits: h.RSV}
	if h.Form != wire.ShortestForm(h.Length) {
		r.frame.Form = h.Form
	}
	const edge = conformance.EntryEdge
	switch {
	case len(payload) <= conformance.MaxEntryOctets:
		r.frame.Payload = conformance.Literal(string(payload))
	default:
		if p, ok := conformance.FindRepetition(payload); ok {
			r.frame.Payload = p
		} else {
			r.edges = [2]string{string(payload[:edge]), string(payload[len(payload)-edge:])}
		}
	}
	return r
}

// capped joins header and payload, or the two ends of them.
func capped(header, payload []byte) []byte {
	const edge = conformance.EntryEdge
	if len(header)+len(payload) <= conformance.MaxEntryOctets {
		return append(append([]byte(nil), header...), payload...)
	}
	b := append([]byte(nil), header...)
	b = append(b, payload[:edge-len(header)]...)
	return append(b, payload[len(payload)-edge:]...)
}

// transcript puts into words what was recorded.
func (t *tape) transcript() conformance.Transcript {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out conformance.Transcript
	for _, r := range t.head {
		out = append(out, r.entry())
	}
	from := 0
	if kept := len(t.head) + len(t.tail); t.n > kept {
		from = (t.n - headEntries) % tailEntries
		out = append(out, conformance.Entry{At: t.tail[from].at, Dir: conformance.Noted,
			Text: fmt.Sprintf("%d entries left out", t.n-kept)})
	}
	for i := range t.tail {
		out = append(out, t.tail[(from+i)%len(t.tail)].entry())
	}
	return out
}

func (r record) entry() conformance.Entry {
	e := conformance.Entry{At: r.at, Dir: r.dir, Text: r.note, Octets: r.octets, Size: r.size}
	switch {
	case r.note != "":
	case r.edges[0] != "":
		e.Text = fmt.Sprintf("%v %s…%s (%d octets)", r.frame,
			strconv.QuoteToASCII(r.edges[0]), strconv.QuoteToASCII(r.edges[1]), r.length)
	default:
		e.Text = r.frame.String()
	}
	if r.inflated > 0 {
		e.Text += fmt.Sprintf(" (deflated %d octets)", r.inflated)
	}
	return e
}
